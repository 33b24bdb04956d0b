import { backoffMs } from "./backoff.ts";

/** How an app declares that it is asked; null: the default. Seconds until the first check are declared apart. */
export interface CheckSettings {
  /** By how much the delay grows from one check to the next. */
  factor: number | null;
  maxDelaySeconds: number | null;
  /** Checks that are sent before the message becomes UNDECIDED. */
  maxAttempts: number | null;
  /** Share of each delay that is random, 0 to 1: 0.2 spreads it over ±20 %. */
  jitter: number | null;
  /** From connecting to the last byte of the answer. */
  timeoutSeconds: number | null;
  /** Checks under way at once in one process. */
  concurrency: number | null;
}

/** How an app is asked, nothing left open. */
export type CheckPolicy = { [K in keyof CheckSettings]: number } & {
  /** The first delay, which grows by `factor`; a message may name another time for its own first check. */
  afterSeconds: number;
};

export const CHECK_DEFAULTS = {
  factor: 2,
  maxDelaySeconds: 300,
  maxAttempts: 12,
  jitter: 0.2,
  timeoutSeconds: 5,
  concurrency: 16,
} as const satisfies { [K in keyof CheckSettings]: number };

/** What each setting may be; the database's CHECKs hold the same once more. */
export const CHECK_LIMITS = {
  factor: { min: 1, max: 10 },
  maxDelaySeconds: { min: 1, max: 86_400 },
  maxAttempts: { min: 1, max: 1000 },
  jitter: { min: 0, max: 1 },
  timeoutSeconds: { min: 1, max: 30 },
  concurrency: { min: 1, max: 1000 },
} as const satisfies { [K in keyof CheckSettings]: { min: number; max: number } };

export const CHECK_FIELDS = Object.keys(CHECK_DEFAULTS) as readonly (keyof CheckSettings)[];

/** Everything as the defaults say. */
export const NO_CHECK_SETTINGS: CheckSettings = {
  factor: null,
  maxDelaySeconds: null,
  maxAttempts: null,
  jitter: null,
  timeoutSeconds: null,
  concurrency: null,
};

/** @param afterSeconds the app's own, else SURELAY_CHECK_AFTER_SECONDS */
export function checkPolicyOf(declared: CheckSettings, afterSeconds: number): CheckPolicy {
  return {
    afterSeconds,
    factor: declared.factor ?? CHECK_DEFAULTS.factor,
    maxDelaySeconds: declared.maxDelaySeconds ?? CHECK_DEFAULTS.maxDelaySeconds,
    maxAttempts: declared.maxAttempts ?? CHECK_DEFAULTS.maxAttempts,
    jitter: declared.jitter ?? CHECK_DEFAULTS.jitter,
    timeoutSeconds: declared.timeoutSeconds ?? CHECK_DEFAULTS.timeoutSeconds,
    concurrency: declared.concurrency ?? CHECK_DEFAULTS.concurrency,
  };
}

/** The delay after check `attempt` (from 1), ms. The check before it came after `afterSeconds`, so this is the next step. */
export function checkDelayMs(policy: CheckPolicy, attempt: number, random: number): number {
  const { afterSeconds, factor, maxDelaySeconds, jitter } = policy;
  return backoffMs(
    { firstMs: afterSeconds * 1000, factor, maxMs: maxDelaySeconds * 1000, jitter },
    attempt + 1,
    random,
  );
}

/** When each check is sent if all of them answer `unknown`, seconds after the message was stored, without jitter. */
export function checkTimes(policy: CheckPolicy): number[] {
  const times = [policy.afterSeconds];
  for (let attempt = 1; attempt < policy.maxAttempts; attempt++)
    times.push(times.at(-1)! + checkDelayMs(policy, attempt, 0.5) / 1000);
  return times;
}
