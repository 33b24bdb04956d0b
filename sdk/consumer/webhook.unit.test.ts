import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { secretText } from "../contract/webhook-signature.ts";
import { verify, verifyRequest } from "./webhook.ts";

const [secret, next] = [secretText(randomBytes(32)), secretText(randomBytes(32))];
const ID = "0193a000-0000-7000-8000-000000000000";
const BODY = '{"sku": "ä", "n": 1.10}';

/** A delivery, signed by the public package. */
function delivery(more: Record<string, string | undefined> = {}, by = secret, at = new Date()) {
  const headers: Record<string, string | undefined> = {
    "webhook-id": ID,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(by).sign(ID, at, BODY),
    "content-type": "application/json",
    "ce-id": ID,
    "ce-type": "order.placed",
    "ce-source": "orders",
    "ce-subject": "Bestellung%207",
    "ce-time": "2030-01-01T00:00:00.000Z",
    "surelay-attempt": "2",
    "surelay-subscription": "hook",
    ...more,
  };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

test("reads a delivery from Node's headers and from the web's, as bytes and as text", async () => {
  const expected = {
    ok: true,
    delivery: {
      messageId: ID,
      attempt: 2,
      subscription: "hook",
      type: "order.placed",
      source: "orders",
      subject: "Bestellung 7",
      time: "2030-01-01T00:00:00.000Z",
      contentType: "application/json",
      traceparent: null,
    },
  };
  const request = () =>
    new Request("http://localhost/hook", { method: "POST", headers: delivery(), body: BODY });
  const verdicts = [
    verify(delivery(), BODY, secret),
    verify(delivery(), Buffer.from(BODY), [secret]),
    verify(new Headers(delivery()), new TextEncoder().encode(BODY), [next, secret]),
    await verifyRequest(request(), secret),
  ];
  for (const verdict of verdicts) {
    expect(verdict).toMatchObject(expected);
    if (!verdict.ok) continue;
    expect(verdict.delivery.body.toString()).toBe(BODY);
    expect(verdict.delivery.json<{ n: number }>().n).toBe(1.1);
  }
  expect(await verifyRequest(request(), next)).toEqual({ ok: false, fault: "mismatch" });
});

test.each([
  [delivery({ "webhook-id": undefined }), "missing"],
  [delivery({ "webhook-timestamp": "soon" }), "malformed"],
  [delivery({ "webhook-id": "another" }), "mismatch"],
  [delivery({}, next), "mismatch"],
  [delivery({}, secret, new Date(Date.now() - 400_000)), "too_old"],
  [delivery({}, secret, new Date(Date.now() + 400_000)), "in_the_future"],
  [delivery({ "surelay-attempt": "0" }), "not_a_delivery"],
  [delivery({ "ce-type": undefined }), "not_a_delivery"],
])("refuses what is none", (headers, fault) => {
  expect(verify(headers, BODY, secret)).toEqual({ ok: false, fault });
});

test("a changed body, or one printed anew, does not verify; the tolerance can be another", () => {
  expect(verify(delivery(), JSON.stringify(JSON.parse(BODY)), secret)).toEqual({
    ok: false,
    fault: "mismatch",
  });
  const old = delivery({}, secret, new Date(Date.now() - 400_000));
  expect(verify(old, BODY, secret, { toleranceSeconds: 600 })).toMatchObject({ ok: true });
  expect(() => verify(delivery(), BODY, "no secret")).toThrow(RangeError);
});

test.each([{}, undefined, null, 7])("a body that is no bytes, %s, is refused and ends nothing", (body) => {
  expect(verify(delivery(), body as never, secret)).toEqual({ ok: false, fault: "malformed" });
});
