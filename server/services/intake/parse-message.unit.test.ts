import fc from "fast-check";
import { expect, test } from "vitest";
import { messageInput } from "../../../sdk/contract/messages.ts";
import { SurelayError } from "../../errors.ts";
import { readConfig } from "../../config/config.ts";
import { intakeLimits } from "./limits.ts";
import { parseSingle } from "./parse-batch.ts";

const limits = intakeLimits(readConfig({}));
const parse = (text: string) => parseSingle(Buffer.from(text), limits);

function accepts(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (!(error instanceof SurelayError)) throw error;
    return false;
  }
}

/** Mostly right values, and wrong ones of every kind. */
const field = (right: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 6, arbitrary: right },
    { weight: 1, arbitrary: fc.constantFrom(null, 1, 1.5, "", [], {}, true) },
  );
const plain = fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" }).filter((s) => !s.includes("\0"));
const input = fc.record(
  {
    id: field(fc.uuid({ version: 7 })),
    topic: field(fc.constantFrom("orders.created", "a")),
    key: field(plain),
    type: field(plain),
    businessKey: field(plain),
    payload: fc.jsonValue(),
    payloadBase64: field(fc.uint8Array().map((b) => Buffer.from(b).toString("base64"))),
    contentType: field(fc.constantFrom("application/json", "text/plain; charset=utf-8")),
    headers: field(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,10}$/), plain, { maxKeys: 5, noNullPrototype: true }),
    ),
    checkAfterSeconds: field(fc.integer({ min: -1, max: 90_000 })),
    deliverAt: field(
      fc
        .date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true })
        .map((d) => d.toISOString()),
    ),
    traceparent: field(
      fc.constantFrom("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "nonsense"),
    ),
    surplus: fc.constant(1),
  },
  { requiredKeys: ["topic"] },
);

test("a message is taken exactly when the contract's schema takes it", () => {
  let taken = 0;
  fc.assert(
    fc.property(input, fc.boolean(), (value, dropSurplus) => {
      if (dropSurplus) delete value.surplus;
      if ("payload" in value && dropSurplus) delete value.payloadBase64;
      const text = JSON.stringify(value);
      const bySchema = messageInput.safeParse(JSON.parse(text)).success;
      // "One of the two payloads" is not said by the schema.
      const onePayload = "payload" in value !== "payloadBase64" in value;
      expect(accepts(text)).toBe(bySchema && onePayload);
      if (bySchema && onePayload) taken++;
    }),
    { numRuns: 3000 },
  );
  expect(taken).toBeGreaterThan(100);
});

test("what is read is what was written", () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      plain,
      fc.dictionary(plain, plain, { noNullPrototype: true }),
      (payload, key, headers) => {
        const names = Object.keys(headers).filter((n) =>
          /^(ce_|surelay-)|^(content-type|traceparent)$|\p{Cc}/iu.test(n),
        );
        for (const name of names) delete headers[name];
        const written = JSON.stringify(payload);
        const message = parse(
          `${JSON.stringify({ topic: "t", key, headers }).slice(0, -1)},"payload": ${written} }`,
        );
        expect(message.payload.toString()).toBe(written);
        expect(message.key).toBe(key);
        expect(JSON.parse(message.headers ?? "{}")).toEqual(headers);
        expect([message.id, message.contentType]).toEqual([null, "application/json"]);
      },
    ),
  );
});

test("bytes given as base64 come out as they were", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = JSON.stringify({ topic: "t", payloadBase64: Buffer.from(bytes).toString("base64") });
      expect(parse(text).payload).toEqual(Buffer.from(bytes));
      expect(parse(text.replaceAll("/", "\\/")).payload).toEqual(Buffer.from(bytes));
    }),
  );
});

test.each([
  ["2030-05-17T09:30:00Z", "2030-05-17T09:30:00.000Z"],
  ["2030-05-17t09:30:00.123456789z", "2030-05-17T09:30:00.123Z"],
  ["2030-05-17T00:30:00+02:00", "2030-05-16T22:30:00.000Z"],
  ["2028-02-29T23:59:59-05:30", "2028-03-01T05:29:59.000Z"],
])("deliverAt %s is %s", (text, moment) => {
  expect(parse(JSON.stringify({ topic: "t", payload: 1, deliverAt: text })).deliverAt!.toISOString()).toBe(
    moment,
  );
});

test.each([
  "2030-02-29T00:00:00Z",
  "2030-01-01T24:00:00Z",
  "2030-13-01T00:00:00Z",
  "2030-01-01T00:00:60Z",
  "2030-01-01",
  "1969-12-31T23:59:59Z",
  "2030-01-01T00:00:00+24:00",
])("deliverAt %s is refused", (text) => {
  expect(() => parse(JSON.stringify({ topic: "t", payload: 1, deliverAt: text }))).toThrow("deliverAt");
});
