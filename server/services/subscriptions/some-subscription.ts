import fc from "fast-check";
import {
  SUBSCRIPTION_LIMITS,
  type SubscriptionSpec,
  completeSubscription,
} from "../../domain/subscription.ts";

const L = SUBSCRIPTION_LIMITS;
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });

/** Any subscription that a file may declare, for property tests. */
export function someSubscription(of: {
  name: fc.Arbitrary<string>;
  topic: fc.Arbitrary<string>;
  app: fc.Arbitrary<string | null>;
}): fc.Arbitrary<SubscriptionSpec> {
  const delays = fc
    .tuple(fc.integer(L.firstDelaySeconds), fc.integer({ min: 0, max: 500_000 }))
    .map(([first, more]) => ({ firstDelaySeconds: first, maxDelaySeconds: first + more }));
  const retry = fc
    .tuple(
      fc.record(
        {
          maxAttempts: fc.integer(L.maxAttempts),
          factor: fc.double({ ...L.factor, noNaN: true }),
          jitter: fc.double({ ...L.jitter, noNaN: true }).map((n) => n + 0), // -0 is 0 once written
          ladderSeconds: fc.array(fc.integer(L.ladderSeconds), { maxLength: 5 }),
          ratePerSecond: fc.option(fc.integer(L.ratePerSecond)),
          maxInFlight: fc.integer(L.maxInFlight),
        },
        { requiredKeys: [] },
      ),
      maybe(delays),
    )
    .map(([set, spread]) => ({ ...set, ...spread }));
  return fc
    .record({
      ...of,
      ack: fc.constantFrom("explicit", "offset", "webhook", "none"),
      groupId: maybe(fc.constantFrom("shipping", "Group_2")),
      ordered: fc.boolean(),
      ackTimeoutSeconds: maybe(fc.integer(L.ackTimeoutSeconds)),
      retry: maybe(retry),
      deadLetterTopic: fc.boolean(),
      timeoutSeconds: maybe(fc.integer(L.timeoutSeconds)),
      concurrency: maybe(fc.integer(L.concurrency)),
    })
    .map(({ timeoutSeconds, concurrency, ack, ordered, deadLetterTopic, retry, ...rest }) =>
      completeSubscription({
        ...rest,
        ack,
        ...(retry && { retry }),
        ordered: ordered && ack !== "webhook",
        deadLetterTopic: deadLetterTopic && (ack === "explicit" || ack === "webhook"),
        ...(ack === "webhook" && {
          webhook: { url: "https://a.example/hook?x=1#y", timeoutSeconds, concurrency },
        }),
      }),
    );
}
