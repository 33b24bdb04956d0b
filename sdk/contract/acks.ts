import { z } from "zod";
import { deliveryState, deliveryStanding } from "./deliveries.ts";
import { messageId, problem } from "./messages.ts";
import { SUBSCRIPTION_NAME } from "./subscription-name.ts";

/**
 * What a consumer says of deliveries: `POST /v1/acks {items: […]}`, or one item per record on the Kafka topic
 * `surelay.acks` (ACKS_TOPIC), value as JSON, key of any kind.
 */
export const ACKS_TOPIC = "surelay.acks";

/** Characters. What is longer is cut by the service, never refused: a failure must be reportable whatever it says. */
export const ACK_LIMITS = { items: 500, errorType: 200, errorMessage: 4_000, errorStack: 16_000 } as const;

export const ackOutcome = z
  .enum(["acked", "retry", "rejected"])
  .describe(
    "`acked`: handled. `retry`: failed, deliver again by the subscription's schedule. `rejected`: never deliver again (DEAD).",
  )
  .meta({ id: "AckOutcome" });

export const ackError = z
  .strictObject({
    type: z
      .string()
      .min(1)
      .describe("Its class or code: `PaymentDeclined`. With the message it makes the failure's group."),
    message: z.string().optional(),
    stack: z.string().optional(),
  })
  .describe(
    `Why it failed. Beyond ${ACK_LIMITS.errorType}, ${ACK_LIMITS.errorMessage} and ${ACK_LIMITS.errorStack} characters it is cut. Not kept with \`acked\`.`,
  )
  .meta({ id: "AckError" });

export const ackItem = z
  .strictObject({
    messageId: messageId.describe("`ce_id` of the record."),
    subscription: z
      .string()
      .regex(SUBSCRIPTION_NAME, "no name of a subscription")
      .describe("Name of the subscription on the message's topic."),
    outcome: ackOutcome,
    attempt: z
      .int()
      .min(1)
      .max(32_767)
      .optional()
      .describe(
        "`surelay-attempt` of the record. A `retry` or `rejected` of an older attempt than the delivery's changes nothing.",
      ),
    error: ackError.optional(),
    retryAfterSeconds: z
      .number()
      .min(0)
      .max(604_800)
      .optional()
      .describe("With `retry`: not delivered again before, whatever the schedule says."),
  })
  .meta({ id: "AckItem" });

export type AckOutcome = z.infer<typeof ackOutcome>;
export type AckItem = z.infer<typeof ackItem>;

export const ackBatch = z
  .strictObject({ items: z.array(ackItem).min(1).max(ACK_LIMITS.items) })
  .meta({ id: "AckBatch" });
export type AckBatch = z.infer<typeof ackBatch>;

/** What stands after the item. It is an answer of success also when nothing changed: acking twice is fine. */
export const ackResult = z
  .object({
    messageId,
    subscription: z.string(),
    state: deliveryState,
    attempt: z.int().describe("The delivery's attempt."),
    stale: z
      .literal(true)
      .optional()
      .describe("The item spoke of an older attempt than the delivery's; nothing changed."),
  })
  .meta({ id: "AckResult" });
export type AckResult = z.infer<typeof ackResult>;

/**
 * An item's error: `validation_failed` · `forbidden` (the key's app is not the subscription's) · `not_found` (no such
 * message) · `not_delivered` (it was never sent, and will not be for now: PREPARED, CANCELLED …) ·
 * `unknown_subscription` (none of this name on the message's topic) · `wrong_ack_mode` (not `explicit`) · `unavailable`.
 */
export const ackFailure = z
  .object({ messageId: z.string().optional(), subscription: z.string().optional(), error: problem })
  .meta({ id: "AckFailure" });
export type AckFailure = z.infer<typeof ackFailure>;

/** The body of a 200, in the order of the items. */
export const ackResults = z
  .object({ results: z.array(z.union([ackResult, ackFailure])) })
  .meta({ id: "AckResults" });
export type AckResults = z.infer<typeof ackResults>;

/** A delivery as its consumer sees it: `GET /v1/deliveries`. */
export const deliveryView = z
  .object({
    messageId,
    topic: z.string(),
    ...deliveryStanding,
    error: z
      .object({ type: z.string(), message: z.string().nullable() })
      .nullable()
      .describe("Of the latest failed attempt."),
    key: z.string().nullable(),
    type: z.string().nullable(),
    businessKey: z.string().nullable(),
    contentType: z.string(),
    headers: z.record(z.string(), z.string()),
    storedAt: z.iso.datetime(),
    sentAt: z.iso.datetime().nullable(),
    payloadBase64: z.base64().optional().describe("The payload's bytes; with `payload=true` alone."),
  })
  .meta({ id: "Delivery" });
export type DeliveryView = z.infer<typeof deliveryView>;

export const deliveryPage = z
  .object({ items: z.array(deliveryView), nextCursor: z.string().nullable() })
  .meta({ id: "DeliveryPage" });
export type DeliveryPage = z.infer<typeof deliveryPage>;
