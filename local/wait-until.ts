import { setTimeout as sleep } from "node:timers/promises";

/**
 * Polls until `condition` returns something truthy and returns that.
 *
 * @param options.timeoutMs after which undefined is returned. @param options.everyMs pause between two looks.
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  options: { timeoutMs: number; everyMs?: number },
): Promise<Exclude<T, undefined | null | false> | undefined> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value as Exclude<T, undefined | null | false>;
    if (performance.now() >= deadline) return undefined;
    await sleep(options.everyMs ?? 20);
  }
}
