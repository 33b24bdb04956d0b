import { request as send, createServer } from "node:http";
import type { AddressInfo } from "node:net";
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

test("whatever a message's headers are, Node sends them, and none replaces one of ours", async () => {
  const server = createServer((_request, response) => response.end()).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
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
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.string({ unit: "binary" })),
      fc.string({ unit: "binary" }),
      (own, text) => {
        const headers = webhookHeaders({
          ...names,
          message: { ...message, headers: own, businessKey: text, contentType: text },
        });
        expect(headers).toMatchObject({
          "ce-id": message.id,
          "surelay-attempt": "3",
          "ce-type": "orders.created",
        });
        for (const reserved of ["host", "content-length", "transfer-encoding", "webhook-id"])
          expect(headers[reserved]).toBeUndefined();
        // Throws what Node would not send.
        send({ host: "127.0.0.1", port, headers, method: "POST" })
          .on("error", () => undefined)
          .destroy();
      },
    ),
    { numRuns: 200 },
  );
  server.close();
});
