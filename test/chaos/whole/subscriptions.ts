import type { RetryPolicy } from "../../../sdk/consumer/retry-policy.ts";
import type { SubscriptionDraft } from "../../../server/domain/subscription.ts";

export const MAX_ATTEMPTS = 5;
const PACE = { firstDelaySeconds: 0.3, factor: 2, maxDelaySeconds: 3, jitter: 0.2 };

/** How consumers try again in place, those that do. */
export const IN_PLACE: RetryPolicy = { ...PACE, maxDelaySeconds: 1, maxAttempts: 3 };

const common = {
  app: "consumers",
  ackTimeoutSeconds: 5,
  retry: { ...PACE, maxAttempts: MAX_ATTEMPTS },
  deadLetterTopic: true,
} as const;

/** Every way to consume. @param receiverUrl of the webhook */
export function wholeSubscriptions(receiverUrl: string): SubscriptionDraft[] {
  return [
    { ...common, topic: "orders.created", name: "shipping", ack: "explicit" },
    { ...common, topic: "orders.created", name: "strict", ack: "explicit", ordered: true },
    { topic: "orders.created", name: "ledger", ack: "offset" },
    { ...common, topic: "orders.paid", name: "mails", ack: "explicit" },
    {
      ...common,
      topic: "orders.paid",
      name: "notices",
      ack: "webhook",
      webhook: { url: receiverUrl, timeoutSeconds: 3, concurrency: 8 },
    },
  ];
}
