import { validateHeaderName, validateHeaderValue } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { percentEncode, webhookHeaders } from "./webhook-headers.ts";

const message = {
  id: "0193a000-0000-7000-8000-000000000000",
  type: null,
  businessKey: null,
  storedAt: new Date(0),
  contentType: "application/json",
  headers: null,
  traceparent: null,
};
const names = { app: "orders", topic: "orders.created", subscription: "hook", attempt: 3 };

test("what percent encoding hides comes back, and needs nothing but printable ASCII", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const encoded = percentEncode(text);
      expect(encoded).toMatch(/^[\x21-\x7e]*$/);
      expect(decodeURIComponent(encoded)).toBe(text);
    }),
  );
});

test("whatever a message's headers are, Node sends them, and none replaces one of ours", () => {
  const name = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "Host",
      "webhook-id",
      "ce-id",
      "Content-Length",
      "Transfer-Encoding",
      "surelay-attempt",
      "x-a",
    ),
  );
  const text = fc.oneof(fc.string(), fc.string({ unit: "binary", maxLength: 5 }));
  fc.assert(
    fc.property(fc.dictionary(name, text, { maxKeys: 5 }), text, (own, given) => {
      const headers = webhookHeaders({
        ...names,
        message: { ...message, headers: own, businessKey: given, contentType: given },
      });
      for (const [key, value] of Object.entries(headers)) {
        validateHeaderName(key);
        validateHeaderValue(key, value);
      }
      return (
        headers["ce-id"] === message.id &&
        headers["surelay-attempt"] === "3" &&
        headers["ce-type"] === "orders.created" &&
        ["host", "content-length", "transfer-encoding", "webhook-id"].every((name) => !(name in headers))
      );
    }),
  );
});
