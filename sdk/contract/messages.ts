import { z } from "zod";
import { messageDelivery } from "./deliveries.ts";

/** The wire contract of v1: what a producer sends. Field limits that are configurable are checked by the service. */
export const messageId = z
  .string()
  .regex(
    /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$/,
    "expected a UUIDv7",
  )
  .describe("UUIDv7. Given by the caller, it is the idempotency key; made by the service if absent.");

export const messageInput = z
  .strictObject({
    id: messageId.optional(),
    topic: z.string().min(1).max(249).describe("A topic declared to the service."),
    key: z.string().min(1).optional().describe("Messages of one topic and key are delivered in order."),
    type: z.string().min(1).max(255).optional().describe("CloudEvents type; the topic's name if absent."),
    businessKey: z
      .string()
      .min(1)
      .optional()
      .describe("What the business calls it, such as an order number. Searchable."),
    payload: z
      .json()
      .optional()
      .describe("Any JSON value, stored as it was written: numbers keep every digit, keys their order."),
    payloadBase64: z.base64().optional().describe("Any bytes, exactly. Instead of payload."),
    contentType: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe("Default: application/json for payload, application/octet-stream for payloadBase64."),
    headers: z.record(z.string(), z.string()).optional().describe("Become headers of the Kafka record."),
    checkAfterSeconds: z
      .int()
      .min(1)
      .max(86_400)
      .optional()
      .describe("When the service first asks what became of a prepared message."),
    deliverAt: z.iso.datetime({ offset: true }).optional().describe("Not relayed before this moment."),
    traceparent: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe("W3C trace context of this message, instead of the call's header; what is none is dropped."),
  })
  .meta({ id: "MessageInput" });

export type MessageInput = z.infer<typeof messageInput>;

export const messageState = z
  .enum(["PREPARED", "UNDECIDED", "SCHEDULED", "READY", "SENT", "CONSUMED", "CANCELLED", "REJECTED"])
  .meta({ id: "MessageState" });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum([
      "validation_failed",
      "unauthorized",
      "forbidden",
      "not_found",
      "method_not_allowed",
      "id_conflict",
      "already_cancelled",
      "already_confirmed",
      "not_delivered",
      "unknown_subscription",
      "wrong_ack_mode",
      "payload_too_large",
      "rate_limited",
      "internal",
      "unavailable",
    ]),
    detail: z.string(),
    messageId: z.string().optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details; `code` is stable." });

export const messageResult = z.object({ id: messageId, state: messageState }).meta({ id: "MessageResult" });
export const batchResult = z
  .object({
    results: z.array(z.union([messageResult, z.object({ id: z.string().optional(), error: problem })])),
  })
  .meta({ id: "BatchResult" });

export type Problem = z.infer<typeof problem>;
export type MessageResult = z.infer<typeof messageResult>;
export type BatchResult = z.infer<typeof batchResult>;

const time = z.iso.datetime().describe("RFC 3339, UTC, milliseconds.");

/** A check-back that the service sent to the app's check URL. */
export const checkBackView = z
  .object({
    at: time,
    attempt: z.int(),
    outcome: z
      .enum(["committed", "rolled_back", "unknown", "failed"])
      .describe("`failed`: the app was asked and said nothing that counts."),
    effect: z
      .enum(["confirmed", "cancelled", "asks_again", "gave_up", "too_late"])
      .describe("`too_late`: the message was decided otherwise meanwhile, or was asked about anew."),
    status: z.int().nullable().describe("Of the app's response; null: there was none."),
    durationMs: z.int(),
    error: z.string().nullable().describe("With `failed`: a stable word for what was wrong."),
    detail: z.string().nullable(),
  })
  .meta({ id: "CheckBack" });

/** A message as its own app sees it. */
export const messageView = z
  .object({
    id: messageId,
    state: messageState,
    topic: z.string(),
    key: z.string().nullable(),
    type: z.string().nullable(),
    businessKey: z.string().nullable(),
    contentType: z.string(),
    headers: z.record(z.string(), z.string()),
    storedAt: time,
    decidedAt: time.nullable(),
    decidedBy: z.enum(["producer", "check_back", "operator"]).nullable(),
    sentAt: time.nullable(),
    checkAt: time.nullable(),
    deliverAt: time.nullable(),
    held: z.boolean().describe("READY, but its topic is missing in the broker or not permitted."),
    reason: z.string().nullable().describe("Why it is REJECTED or UNDECIDED."),
    broker: z
      .object({
        topic: z.string(),
        partition: z.int(),
        offset: z.string().nullable().describe("Null when it was found sent after a crash."),
      })
      .nullable(),
    checkBacks: z.array(checkBackView).describe("Oldest first; of very many the newest 100."),
    deliveries: z
      .array(messageDelivery)
      .describe("One per subscription that acknowledges or is called; of the mode `offset` there is none."),
  })
  .meta({ id: "Message" });

export type MessageView = z.infer<typeof messageView>;

export const messagePage = z
  .object({ items: z.array(messageView), nextCursor: z.string().nullable() })
  .meta({ id: "MessagePage" });
