/**
 * One clock for all that ticks on a page, on the database's time: whoever's laptop is minutes off still reads true ages.
 * It runs while somebody looks at it.
 */
const TICK_MS = 1000;
/** Below this the offset is the network's delay, not a wrong clock, ms. */
const TRUSTED_MS = 2000;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let offset = 0;
let now = 0;

/** Tells the clock what the database's was just now. */
export function setDatabaseClock(at: Date): void {
  const difference = at.getTime() - Date.now();
  offset = Math.abs(difference) < TRUSTED_MS ? 0 : difference;
}

export function followClock(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now() + offset;
    timer = setInterval(() => {
      now = Date.now() + offset;
      for (const each of listeners) each();
    }, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Ms; the same between two ticks. */
export function readClock(): number {
  if (now === 0) now = Date.now() + offset;
  return now;
}
