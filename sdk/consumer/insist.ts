import { setTimeout as pause } from "node:timers/promises";

export interface Insistence {
  /** Ends the repeating. */
  gone: () => boolean;
  /** Called at least once a second. Its errors come out. */
  meanwhile: () => Promise<void>;
  onError: (error: unknown) => void;
}

/** Repeats `work` until it succeeds, with pauses of 50 ms to 1 s. @returns undefined: gone before */
export async function insist<T>(
  work: () => Promise<T>,
  { gone, meanwhile, onError }: Insistence,
): Promise<{ value: T } | undefined> {
  for (let waitMs = 50; !gone(); waitMs = Math.min(1000, waitMs * 2)) {
    const attempt = work().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    let result = await soon(attempt);
    while (!result && !gone()) {
      await meanwhile();
      result = await soon(attempt);
    }
    if (result && "value" in result) return result;
    if (result) onError(result.error);
    await meanwhile();
    await pause(waitMs);
  }
  return undefined;
}

async function soon<T>(attempt: Promise<T>): Promise<T | undefined> {
  const abort = new AbortController();
  const late = pause(1000, undefined, { signal: abort.signal }).catch(() => undefined);
  return await Promise.race([attempt, late]).finally(() => abort.abort());
}
