import { z } from "zod";
import * as acks from "../../sdk/contract/acks.ts";
import * as deliveries from "../../sdk/contract/deliveries.ts";
import * as contract from "../../sdk/contract/messages.ts";
import * as subscriptions from "../../sdk/contract/subscriptions.ts";
import { DELIVERY_STATES } from "../domain/delivery-state.ts";
import { MESSAGE_STATES } from "../domain/message-state.ts";
import type { IntakeLimits } from "../services/intake/limits.ts";
import { MAX_LIMIT } from "../services/messages/list-query.ts";

type Json = Record<string, unknown>;
const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json, example?: unknown): Json => ({
  "application/json": { schema, ...(example !== undefined && { example }) },
});

const EXAMPLE = {
  topic: "orders.created",
  key: "customer-17",
  type: "order.created",
  businessKey: "order-4711",
  payload: { order: 4711, total: 12.5 },
  headers: { tenant: "eu" },
};

/**
 * The OpenAPI 3.1 document of what this server answers. Put together from the contract's own schemas; a test holds its
 * paths against the server's, and another lets an outside tool look for answers it does not declare.
 */
export function openApiDocument(version: string, limits: IntakeLimits): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "Surelay",
      version,
      description:
        "Reliable messages: a message is delivered if and only if its business transaction committed. Prepare it before " +
        "the transaction, confirm or cancel it afterwards. The message's id is the idempotency key: every call may be repeated.",
    },
    servers: [{ url: "/" }],
    security: [{ apiKey: [] }],
    paths: {
      ...storePaths(),
      ...decidePaths(),
      ...batchPaths(limits),
      ...queryPaths(),
      ...consumerPaths(limits),
      ...systemPaths(),
    },
    components: {
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          description:
            "slk_<id>_<secret>, with the scope `produce`; for acknowledgements and deliveries with the scope `consume`.",
        },
      },
      schemas: schemas(limits),
      responses: problems(),
    },
  };
}

function storePaths(): Json {
  const body = { required: true, content: json(ref("MessageInput"), EXAMPLE) };
  const answers = {
    "201": { description: "Stored, durably.", content: json(ref("MessageResult")) },
    "200": { description: "The same message was stored before.", content: json(ref("MessageResult")) },
    ...failures(400, 401, 403, 409, 413, 429, 500, 503),
  };
  const parameters = [TRACEPARENT];
  return {
    "/v1/messages/prepare": {
      post: {
        operationId: "prepareMessage",
        summary: "Store a message that waits for its transaction's outcome",
        parameters,
        requestBody: body,
        responses: answers,
      },
    },
    "/v1/messages/send": {
      post: {
        operationId: "sendMessage",
        summary: "Store a message that is deliverable at once",
        description: "For callers whose transaction has committed, or who have none.",
        parameters,
        requestBody: body,
        responses: answers,
      },
    },
  };
}

function decidePaths(): Json {
  const post = (operationId: string, summary: string) => ({
    post: {
      operationId,
      summary,
      parameters: [MESSAGE_ID],
      responses: {
        "200": { description: "Decided, now or before.", content: json(ref("MessageResult")) },
        ...failures(400, 401, 403, 404, 405, 409, 413, 429, 500, 503),
      },
    },
  });
  return {
    "/v1/messages/{id}/confirm": post("confirmMessage", "The transaction committed: deliver the message"),
    "/v1/messages/{id}/cancel": post("cancelMessage", "The transaction was rolled back: drop the message"),
  };
}

function batchPaths(limits: IntakeLimits): Json {
  const post = (
    operationId: string,
    summary: string,
    input: string,
    parameters: Json[],
    example?: unknown,
  ) => ({
    post: {
      operationId,
      summary,
      description: `Up to ${limits.batchItems} entries and ${limits.batchBodyBytes} bytes, each entry judged alone. Answered 503 when the store took none of them.`,
      parameters,
      requestBody: { required: true, content: json(ref(input), example) },
      responses: {
        "200": { description: "Results in the order asked.", content: json(ref("BatchResult")) },
        ...failures(400, 401, 403, 413, 429, 500, 503),
      },
    },
  });
  return {
    "/v1/batches/prepare": post("prepareBatch", "Prepare messages", "MessageBatch", [TRACEPARENT], {
      items: [EXAMPLE],
    }),
    "/v1/batches/send": post("sendBatch", "Send messages", "MessageBatch", [TRACEPARENT], {
      items: [EXAMPLE],
    }),
    "/v1/batches/confirm": post("confirmBatch", "Confirm messages", "IdBatch", []),
    "/v1/batches/cancel": post("cancelBatch", "Cancel messages", "IdBatch", []),
  };
}

const query = (name: string, schema: Json, description: string): Json => ({
  name,
  in: "query",
  schema,
  description,
});
const inPath = (name: string, description: string): Json => ({
  name,
  in: "path",
  required: true,
  schema: { type: "string", minLength: 1 },
  description,
});
/** Words of a list, separated by commas. */
const wordList = (words: readonly string[]): Json => ({
  type: "string",
  pattern: `^(${words.join("|")})(,(${words.join("|")}))*$`,
});
const paging = (what: string): Json[] => [
  query(
    "limit",
    { type: "integer", minimum: 1, maximum: MAX_LIMIT, default: 50 },
    `Most ${what} of the page.`,
  ),
  query("cursor", { type: "string", minLength: 1 }, "nextCursor of the page before, with the same filters."),
];

function queryPaths(): Json {
  return {
    "/v1/messages/{id}": {
      get: {
        operationId: "getMessage",
        summary: "Where a message stands",
        parameters: [MESSAGE_ID],
        responses: {
          "200": { description: "The message.", content: json(ref("Message")) },
          ...failures(400, 401, 403, 404, 429, 500, 503),
        },
      },
    },
    "/v1/messages": {
      get: {
        operationId: "listMessages",
        summary: "The app's own messages, newest first",
        description:
          "A page may hold fewer than asked, even none, while nextCursor says there is more to look through.",
        parameters: [
          query("businessKey", { type: "string", minLength: 1 }, "Only of this business key."),
          query("topic", { type: "string", minLength: 1 }, "Only of this topic."),
          query("state", wordList(MESSAGE_STATES), "Only in these states, separated by commas."),
          ...paging("messages"),
        ],
        responses: {
          "200": { description: "A page.", content: json(ref("MessagePage")) },
          ...failures(400, 401, 403, 429, 500, 503),
        },
      },
    },
  };
}

function consumerPaths(limits: IntakeLimits): Json {
  return {
    "/v1/acks": {
      post: {
        operationId: "acknowledge",
        summary: "What became of deliveries at their consumer",
        description:
          `Up to ${limits.batchItems} items and ${limits.batchBodyBytes} bytes, each item judged alone. For subscriptions of the mode \`explicit\`; ` +
          "saying it twice is fine. An item's own error is `not_found` (no such message), `not_delivered` (it was never put into the broker), " +
          "`unknown_subscription` (the message's topic has none of this name), `wrong_ack_mode` (it is not `explicit`), `forbidden` (it belongs to " +
          "another app than the key), `validation_failed` or `unavailable`. Answered 503 when the store took none of them.",
        requestBody: {
          required: true,
          content: json(ref("AckBatch"), {
            items: [
              {
                messageId: "01936f2a-7c4e-7b1a-9c3d-2f6e8a1b4c5d",
                subscription: "shipping",
                outcome: "retry",
                attempt: 1,
                error: { type: "CarrierUnavailable", message: "the carrier answered 503" },
              },
            ],
          }),
        },
        responses: {
          "200": { description: "Results in the order asked.", content: json(ref("AckResults")) },
          ...failures(400, 401, 403, 413, 429, 500, 503),
        },
      },
    },
    "/v1/deliveries": {
      get: {
        operationId: "listDeliveries",
        summary: "What a subscription is delivered, and what it missed",
        description:
          "Newest message first; subscriptions of the modes `explicit` and `webhook` that belong to the key's app, or to none. " +
          "A page may hold fewer than asked, even none, while nextCursor says there is more to look through.",
        parameters: [
          {
            ...query("subscription", { type: "string", minLength: 1 }, "Name of the subscription."),
            required: true,
          },
          query("topic", { type: "string", minLength: 1 }, "Only of the subscription on this topic."),
          query("state", wordList(DELIVERY_STATES), "Only in these states, separated by commas."),
          query(
            "payload",
            { type: "string", enum: ["true", "false"] },
            "Whether payloads are answered, too.",
          ),
          ...paging("deliveries"),
        ],
        responses: {
          "200": { description: "A page.", content: json(ref("DeliveryPage")) },
          ...failures(400, 401, 403, 429, 500, 503),
        },
      },
    },
    "/v1/subscriptions/{topic}/{name}": {
      get: {
        operationId: "getSubscription",
        summary: "How a subscription is delivered",
        description: "Of a subscription that belongs to the key's app, or to none.",
        parameters: [inPath("topic", "The topic it is declared on."), inPath("name", "Its name there.")],
        responses: {
          "200": { description: "The subscription.", content: json(ref("Subscription")) },
          ...failures(400, 401, 403, 404, 429, 500, 503),
        },
      },
    },
  };
}

function systemPaths(): Json {
  const open = (operationId: string, summary: string, responses: Json) => ({
    get: { operationId, summary, security: [], responses },
  });
  const health: Json = json(ref("Health"));
  return {
    "/v1/openapi.json": open("getOpenApi", "This document", {
      "200": { description: "OpenAPI 3.1.", content: json({ type: "object" }) },
    }),
    "/healthz": open("getHealth", "Whether the process answers", {
      "200": { description: "It does.", content: health },
    }),
    "/readyz": open("getReadiness", "Whether the process can serve", {
      "200": { description: "It can.", content: health },
      "503": { description: "It cannot, or is about to stop.", content: health },
    }),
  };
}

const MESSAGE_ID: Json = { name: "id", in: "path", required: true, schema: ref("MessageId") };
const TRACEPARENT: Json = {
  name: "traceparent",
  in: "header",
  required: false,
  schema: { type: "string" },
  description: "W3C trace context; goes into the Kafka record. Ignored if it is none.",
};

const FAILURES: Record<number, [name: string, description: string]> = {
  400: ["ValidationFailed", "validation_failed: something about the call is not valid; detail says what."],
  401: ["Unauthorized", "unauthorized: no valid API key."],
  403: ["Forbidden", "forbidden: the key lacks the scope."],
  404: ["NotFound", "not_found: the app has no such message, or no such subscription."],
  405: [
    "MethodNotAllowed",
    "method_not_allowed: another method is offered here; see Allow. A `#` or `?` that was not encoded cuts a path down to another call's.",
  ],
  409: ["Conflict", "id_conflict, already_cancelled or already_confirmed."],
  413: ["PayloadTooLarge", "payload_too_large: the payload or the body is."],
  429: ["RateLimited", "rate_limited: too many messages for this key; see Retry-After."],
  500: ["Internal", "internal: the service failed."],
  503: [
    "Unavailable",
    "unavailable: nothing was stored, or detail says that the outcome is unknown; see Retry-After.",
  ],
};

function failures(...statuses: number[]): Json {
  return Object.fromEntries(
    statuses.map((status) => [String(status), { $ref: `#/components/responses/${FAILURES[status]![0]}` }]),
  );
}

function problems(): Json {
  const retryAfter = { "Retry-After": { description: "Seconds.", schema: { type: "integer", minimum: 0 } } };
  return Object.fromEntries(
    Object.entries(FAILURES).map(([status, [name, description]]) => [
      name,
      {
        description,
        ...((status === "429" || status === "503") && { headers: retryAfter }),
        content: { "application/problem+json": { schema: ref("Problem") } },
      },
    ]),
  );
}

function schemas(limits: IntakeLimits): Json {
  const known = z.registry<{ id: string }>();
  for (const [schema, id] of [
    [contract.messageInput, "MessageInput"],
    [contract.messageState, "MessageState"],
    [contract.messageResult, "MessageResult"],
    [contract.batchResult, "BatchResult"],
    [contract.checkBackView, "CheckBack"],
    [contract.messageView, "Message"],
    [contract.messagePage, "MessagePage"],
    [contract.problem, "Problem"],
    [deliveries.deliveryState, "DeliveryState"],
    [deliveries.deliveryAttempt, "DeliveryAttempt"],
    [deliveries.messageDelivery, "MessageDelivery"],
    [acks.ackOutcome, "AckOutcome"],
    [acks.ackError, "AckError"],
    [acks.ackItem, "AckItem"],
    [acks.ackBatch, "AckBatch"],
    [acks.ackResult, "AckResult"],
    [acks.ackFailure, "AckFailure"],
    [acks.ackResults, "AckResults"],
    [acks.deliveryView, "Delivery"],
    [acks.deliveryPage, "DeliveryPage"],
    [subscriptions.subscriptionView, "Subscription"],
  ] as const)
    known.add(schema, { id });
  const made = z.toJSONSchema(known, { uri: (id) => `#/components/schemas/${id}`, io: "input" }).schemas;
  const all: Record<string, Json> = {};
  for (const [name, schema] of Object.entries(made)) {
    const { $schema: _dialect, $id: _id, ...rest } = schema as Json;
    if (name !== "__shared") all[name] = rest;
  }
  // "Any JSON value" is said recursively by the library; here it is the empty schema.
  const input = all.MessageInput as { properties: Record<string, Json> };
  input.properties.payload = { description: input.properties.payload!.description };
  input.properties.key!.maxLength = limits.keyBytes;
  input.properties.businessKey!.maxLength = limits.keyBytes;
  // Said in words and not by oneOf: generators of clients and of test data make little of alternatives in `required`.
  all.MessageInput!.description = "Exactly one of payload and payloadBase64 has to be there.";
  all.MessageId = z.toJSONSchema(contract.messageId);
  delete all.MessageId.$schema;
  const list = (field: string, items: Json): Json => ({
    type: "object",
    properties: { [field]: { type: "array", items, minItems: 1, maxItems: limits.batchItems } },
    required: [field],
    additionalProperties: false,
  });
  all.MessageBatch = list("items", ref("MessageInput"));
  all.IdBatch = list("ids", ref("MessageId"));
  const acked = all.AckBatch as { properties: { items: Json } };
  acked.properties.items.maxItems = limits.batchItems;
  all.Health = {
    type: "object",
    properties: {
      status: { type: "string" },
      checks: { type: "object", additionalProperties: { type: "string" } },
    },
    required: ["status"],
  };
  return all;
}
