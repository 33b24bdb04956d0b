import { z } from "zod";

/** What becomes of one message at one subscription. */
export const deliveryState = z
  .enum(["PENDING", "WAITING", "ACKED", "DEAD", "DISCARDED"])
  .describe(
    "PENDING: with the consumer. WAITING: delivered again later. DEAD: attempts used up, or rejected. DISCARDED: by an operator.",
  )
  .meta({ id: "DeliveryState" });

export type DeliveryState = z.infer<typeof deliveryState>;

const time = z.iso.datetime().describe("RFC 3339, UTC, milliseconds.");

/** What is out of the ordinary in a delivery. One that is acknowledged at its first attempt has none of these. */
export const deliveryAttempt = z
  .object({
    at: time,
    attempt: z.int(),
    kind: z
      .enum([
        "retry",
        "rejected",
        "timed_out",
        "crashed",
        "failed",
        "redelivered",
        "redelivery_refused",
        "dead_lettered",
        "dead_letter_refused",
        "dead",
        "acked_late",
        "redriven",
        "discarded",
        "retried_now",
      ])
      .describe("What happened."),
    by: z.string().describe("`consumer`, the name of a process of the service, or `operator`."),
    error: z
      .object({ type: z.string(), message: z.string().nullable() })
      .nullable()
      .describe("As the consumer said it, or what the service found."),
    status: z.int().nullable().describe("HTTP status of a webhook's answer."),
    durationMs: z.int().nullable(),
    retryAt: time.nullable().describe("When the next attempt was due."),
    broker: z
      .object({ partition: z.int(), offset: z.string().nullable() })
      .nullable()
      .describe("Where the record of a redelivery or a dead letter stands."),
    reason: z.string().nullable(),
  })
  .meta({ id: "DeliveryAttempt" });

export type DeliveryAttempt = z.infer<typeof deliveryAttempt>;

const standing = {
  subscription: z.string(),
  state: deliveryState,
  attempt: z.int().describe("1 for the first delivery."),
  createdAt: time,
  movedAt: time.describe("When it came into its state."),
  dueAt: time
    .nullable()
    .describe("PENDING: the acknowledgement's deadline. WAITING: when it is delivered again; null: now."),
  reason: z.string().nullable().describe("Why it is DEAD or DISCARDED."),
};

/** A message's delivery to one subscription, as its producer sees it. */
export const messageDelivery = z
  .object({
    ...standing,
    ack: z.enum(["explicit", "webhook"]),
    attempts: z.array(deliveryAttempt).describe("Oldest first; of very many the newest 100."),
  })
  .meta({ id: "MessageDelivery" });

export type MessageDelivery = z.infer<typeof messageDelivery>;

/** What the fields of a delivery have in common for producer and consumer. */
export const deliveryStanding = standing;
