/** A wait that had to end. What was waited for may still happen: its outcome is unknown. */
export class DeadlinePassed extends Error {
  constructor(what: string, ms: number) {
    super(`${what} took longer than ${ms} ms`);
    this.name = "DeadlinePassed";
  }
}

/**
 * Waits for `work` at most `ms`. A client's own time-outs do not cover all of its promises (locks, reconnects, a server
 * that is stopped but not dead), and a relay must never stand still: the work goes on unwatched.
 *
 * @throws DeadlinePassed
 */
export function within<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DeadlinePassed(what, ms)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
