import fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import { checkBackOutcome, checkBackRequest } from "../contract/check-back.ts";
import { messageInput, type MessageResult as ContractResult, type Problem } from "../contract/messages.ts";
import { createCheck } from "./answer-check-back.ts";
import { type Message, type MessageResult, toWire } from "./message.ts";
import { newMessageId, timeOfMessageId } from "../client/new-message-id.ts";
import type { Producer } from "./producer.ts";
import type { SurelayErrorCode } from "../client/surelay-error.ts";

const text = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" });
const message = fc.record(
  {
    id: fc.uuid({ version: 7 }),
    topic: fc.constantFrom("orders.created", "a"),
    key: text,
    type: text,
    businessKey: text,
    contentType: fc.constant("text/plain"),
    headers: fc.dictionary(text, text, { noNullPrototype: true }),
    checkAfterSeconds: fc.integer({ min: 1, max: 86_400 }),
    deliverAt: fc.date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true }),
  },
  { requiredKeys: ["topic"] },
);

/** The schema's parser drops this key; the service keeps the text as it was written. */
const jsonValue = fc.jsonValue().filter((value) => !JSON.stringify(value).includes("__proto__"));

test("what is sent is what the contract's schema takes", () => {
  fc.assert(
    fc.property(message, fc.oneof(jsonValue, fc.uint8Array()), (fields, content) => {
      const body = content instanceof Uint8Array ? { bytes: content } : { payload: content };
      const wire = toWire({ ...fields, ...body } as Message);
      const read = messageInput.parse(JSON.parse(wire.json));
      expect(read.id).toBe(wire.id);
      expect(wire.bytes).toBe(Buffer.byteLength(wire.json));
      if (content instanceof Uint8Array)
        expect(Buffer.from(read.payloadBase64!, "base64")).toEqual(Buffer.from(content));
      else expect(read.payload).toEqual(JSON.parse(JSON.stringify(content)));
    }),
  );
});

test("an id is a UUIDv7 of now, and each is above the one before", () => {
  let last = "";
  for (let i = 0; i < 20_000; i++) {
    const id = newMessageId();
    expect(id > last).toBe(true);
    last = id;
  }
  expect(messageInput.shape.id.safeParse(last).success).toBe(true);
  expect(Math.abs(timeOfMessageId(last) - Date.now())).toBeLessThan(1000);
  expect(new Set(Array.from({ length: 1000 }, () => newMessageId().slice(19))).size).toBe(1000);
});

test("the SDK's own types are the contract's", () => {
  expectTypeOf<MessageResult>().toEqualTypeOf<ContractResult>();
  expectTypeOf<Problem["code"]>().toExtend<SurelayErrorCode>();
});

interface Topics {
  "orders.created": { number: string };
  "orders.cancelled": { reason: string };
}

test("a producer of typed topics takes their payloads and no others", () => {
  type Sent = Parameters<Producer<Topics>["send"]>[0];
  expectTypeOf({ topic: "orders.created" as const, payload: { number: "A-1" } }).toExtend<Sent>();
  expectTypeOf({ topic: "orders.created" as const, bytes: new Uint8Array() }).toExtend<Sent>();
  expectTypeOf({ topic: "orders.created" as const, payload: { reason: "A-1" } }).not.toExtend<Sent>();
  expectTypeOf({ topic: "orders.shipped" as const, payload: { number: "A-1" } }).not.toExtend<Sent>();
  expectTypeOf({ topic: "anything", payload: 7 }).toExtend<Parameters<Producer["send"]>[0]>();
});

test("the handler's answers are the contract's", async () => {
  expect(checkBackOutcome.options).toEqual(["committed", "rolled_back", "unknown"]);
  expect(Object.keys(checkBackRequest.shape)).toContain("messageId");
  const never = {
    dialect: "postgresql" as const,
    transaction: () => Promise.reject(new Error()),
    query: async () => [],
  };
  const check = createCheck({ database: never, secret: `whsec_${Buffer.alloc(32).toString("base64")}` });
  const { status } = await check({ method: "GET", header: () => null, body: "" });
  expect(status).toBe(405);
});
