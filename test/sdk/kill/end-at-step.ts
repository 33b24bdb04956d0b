import type pg from "pg";

/** What happens at the step: the process is killed, or sleeps through what others do meanwhile and goes on before it is. */
export type Action = "kill" | "sleep";

export interface End {
  step: string;
  /** The how-manieth time that the step is reached. */
  nth: number;
  action: Action;
}

let end: End = { step: "", nth: 1, action: "kill" };
let left = 1;

/** Has this process end itself with a real SIGKILL at a step; at the step `at random` some time soon. */
export function endAtStep(chosen: End): void {
  end = chosen;
  left = chosen.step === "at random" ? 1 : chosen.nth;
  if (chosen.step === "at random") setTimeout(() => reach("at random"), 20 + Math.random() * 80 * chosen.nth);
}

export function reach(step: string): void {
  if (step !== end.step || --left !== 0) return;
  if (end.action === "kill") process.kill(process.pid, "SIGKILL");
  process.stdout.write("asleep\n");
  process.kill(process.pid, "SIGSTOP");
  // Whoever slept goes on for a moment, and then ends as the others do.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), Math.random() * 50);
}

/** Somewhere between the request's way out and the answer's way in. */
export function reachInFlight(step: string): void {
  if (step === end.step) setTimeout(() => reach(step), Math.random() * 4);
}

/** Reaches `<name> due`, `<name> sent` and `<name> answered` with each statement of the pool that a pattern matches. */
export function watchPool(pool: pg.Pool, watched: readonly [RegExp, string][]): void {
  const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;
  pool.connect = (async () => watchClient(await connect(), watched)) as never;
}

function watchClient(client: pg.PoolClient, watched: readonly [RegExp, string][]): pg.PoolClient {
  const query = Object.getPrototypeOf(client).query as (...args: unknown[]) => Promise<unknown>;
  client.query = ((...args: unknown[]) => {
    const name = watched.find(([pattern]) => pattern.test(String(args[0])))?.[1];
    if (!name) return query.apply(client, args);
    reach(`${name} due`);
    const answer = query.apply(client, args);
    reach(`${name} sent`);
    return answer.then((result) => {
      reach(`${name} answered`);
      return result;
    });
  }) as never;
  return client;
}
