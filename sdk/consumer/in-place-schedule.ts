import {
  DEFAULT_ACK_TIMEOUT_SECONDS,
  DEFAULT_SCHEDULE,
  defaultMaxAttempts,
  delaySeconds,
  type RetrySchedule,
} from "../contract/retry-schedule.ts";
import type { AckByApi } from "./ack-by-api.ts";
import type { AckByTopic } from "./ack-by-topic.ts";
import type { RetryPolicy, SubscriptionPolicy } from "./retry-policy.ts";

/** A consumer's options, as far as they decide it. */
interface AskedFor {
  ack: AckByApi | AckByTopic | "offset";
  ordered?: boolean;
  retry?: RetryPolicy;
  policy?: SubscriptionPolicy;
}

/** How a message is tried again in place. */
export interface InPlaceSchedule {
  retry: Required<RetryPolicy>;
  /** Seconds from its first attempt within which its last one begins. */
  inPlaceSeconds: number;
}

/**
 * Of the subscription's `ackTimeoutSeconds`: by then the last attempt in place has begun. Beyond the whole of it the service
 * delivers the message again by the retry topic, what is told of the standing record changes nothing any more, and the
 * redelivery takes effect behind later messages of its key. The rest is for the handler and for the way of what is told.
 */
const SHARE_OF_TIMEOUT = 2 / 3;

/**
 * The pauses of attempts in place. In ordered mode, as many attempts as the acknowledgement's time has room for, 8 at most;
 * by offset the service waits for nobody, and there is no end to them.
 *
 * @throws RangeError those of `ordered` do not fit. Without a policy, where the service is asked at the start, what was asked
 * for stands until it has answered
 */
export function readInPlaceSchedule({ ack, ordered, retry: given = {}, policy }: AskedFor): InPlaceSchedule {
  const schedule = { ...DEFAULT_SCHEDULE, maxDelaySeconds: 60, ...withoutGaps(given) };
  const { maxAttempts = ack === "offset" ? Infinity : defaultMaxAttempts([]) } = given;
  if (!ordered || ack === "offset") return { retry: { ...schedule, maxAttempts }, inPlaceSeconds: Infinity };
  const timeout = policy?.ackTimeoutSeconds ?? DEFAULT_ACK_TIMEOUT_SECONDS;
  const inPlaceSeconds = timeout * SHARE_OF_TIMEOUT;
  const fitting = attemptsWithin(inPlaceSeconds, schedule, maxAttempts);
  const wanted = given.maxAttempts ?? Math.min(2, maxAttempts);
  if (fitting >= wanted)
    return { retry: { ...schedule, maxAttempts: given.maxAttempts ?? fitting }, inPlaceSeconds };
  if (policy === undefined && !("topic" in ack))
    return { retry: { ...schedule, maxAttempts }, inPlaceSeconds: Infinity };
  throw new RangeError(
    `ordered: only ${fitting} of ${maxAttempts} attempts are sure to begin within ${inPlaceSeconds.toFixed(1)} s, two thirds of the ` +
      `subscription's ackTimeoutSeconds (${timeout}). Beyond that the service delivers the message again while it is still tried in ` +
      "place, and later messages of its key overtake it. Raise ackTimeoutSeconds, or shorten retry.",
  );
}

/** How many attempts begin within so many seconds of the first, at the longest pauses; `most` at most. */
function attemptsWithin(seconds: number, schedule: RetrySchedule, most: number): number {
  if (most === Infinity) return 1; // pauses of no length would all fit
  let attempts = 1;
  for (let left = seconds; attempts < most; attempts++) {
    left -= delaySeconds(schedule, attempts, 1);
    if (left < 0) break;
  }
  return attempts;
}

/** What is given as undefined is not given. */
function withoutGaps(given: RetryPolicy): RetryPolicy {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
