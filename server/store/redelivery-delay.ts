import { MOST_GROWTH } from "../domain/redelivery-delay.ts";

export interface DelayColumns {
  /** Alias of the subscription's row. */
  subscription: string;
  /** SQL of the attempts made since the delivery was made or driven anew: `attempt - drive_from`. */
  made: string;
  /** SQL of what the consumer asks for, seconds or null; absent: nothing. */
  retryAfterSeconds?: string;
  /** SQL of a number in [0, 1). */
  random?: string;
}

/** PostgreSQL raises an error where a product of the smallest doubles would be zero; no delay is this short. */
const TINY = "1e-100";

/**
 * SQL of the interval between an attempt and the next one: `redeliveryDelayMs` of server/domain/redelivery-delay.ts, which
 * it must agree with (tested). Text in every statement that needs it rather than a function of the database: a replica of
 * an older or newer version keeps its own.
 */
export function nextDelay(columns: DelayColumns): string {
  const { subscription: u, made, retryAfterSeconds = "NULL", random = "random()" } = columns;
  const step = `greatest(1, ${made})`;
  const plain = `CASE WHEN cardinality(${u}.ladder_seconds) > 0
      THEN ${u}.ladder_seconds[least(${step}, cardinality(${u}.ladder_seconds))]
      ELSE least(${u}.max_delay_seconds,
                 ${u}.first_delay_seconds * exp(least(${MOST_GROWTH}, (${step} - 1) * ln(${u}.factor)))) END`;
  return `(round(1000 * greatest(((${plain}) + ${TINY}) * (1 + (${u}.jitter + ${TINY}) * (2 * ${random} - 1)),
      coalesce(${retryAfterSeconds}, 0)::double precision)) * interval '1 ms')`;
}
