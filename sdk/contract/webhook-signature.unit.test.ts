import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { secretText, signWebhook, verifyWebhook, type WebhookHeaders } from "./webhook-signature.ts";

const secret = secretText(randomBytes(32));
const other = secretText(randomBytes(32));
const now = () => Math.floor(Date.now() / 1000);
const reader = (headers: Partial<WebhookHeaders>) => (name: keyof WebhookHeaders) => headers[name];
const verify = (headers: Partial<WebhookHeaders>, body: string | Uint8Array, more = {}) =>
  verifyWebhook({ header: reader(headers), body, secrets: [secret], ...more });

test("the public implementation of the standard verifies what is signed here, with any body", () => {
  fc.assert(
    fc.property(fc.json(), fc.uuid(), (body, id) => {
      const headers = signWebhook({ id, timestamp: now(), body, secrets: [other, secret] });
      expect(new Webhook(secret).verify(body, { ...headers })).toEqual(JSON.parse(body));
      expect(new Webhook(other).verify(body, { ...headers })).toEqual(JSON.parse(body));
    }),
  );
});

test("what the public implementation signs is verified here", () => {
  fc.assert(
    fc.property(fc.string(), fc.uuid(), (body, id) => {
      const timestamp = now();
      const headers = {
        "webhook-id": id,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": new Webhook(secret).sign(id, new Date(timestamp * 1000), body),
      };
      expect(verify(headers, body)).toEqual({ ok: true, id, timestamp });
      expect(verify(headers, Buffer.from(body))).toEqual({ ok: true, id, timestamp });
    }),
  );
});

test("one changed bit of body, id, time or signature is a mismatch", () => {
  const body = '{"messageId":"1"}';
  const timestamp = now();
  const headers = signWebhook({ id: "abc", timestamp, body, secrets: [secret] });
  const mismatch = { ok: false, fault: "mismatch" };
  expect(verify(headers, '{"messageId":"2"}')).toEqual(mismatch);
  expect(verify({ ...headers, "webhook-id": "abd" }, body)).toEqual(mismatch);
  expect(verify({ ...headers, "webhook-timestamp": String(timestamp - 1) }, body)).toEqual(mismatch);
  const { "webhook-signature": signature } = headers;
  const bytes = Buffer.from(signature.slice(3), "base64");
  fc.assert(
    fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const sent = { ...headers, "webhook-signature": `v1,${changed.toString("base64")}` };
      expect(verify(sent, body)).toEqual(mismatch);
    }),
  );
  expect(verify(headers, body, { secrets: [other] })).toEqual(mismatch);
  expect(verify(headers, body, { secrets: [other, secret] }).ok).toBe(true);
  expect(verify(headers, body, { secrets: [] })).toEqual(mismatch);
});

test("a request is good for five minutes on either side", () => {
  const at = 1_790_000_000;
  const headers = signWebhook({ id: "abc", timestamp: at, body: "", secrets: [secret] });
  expect(verify(headers, "", { now: at + 300 }).ok).toBe(true);
  expect(verify(headers, "", { now: at - 300 }).ok).toBe(true);
  expect(verify(headers, "", { now: at + 301 })).toEqual({ ok: false, fault: "too_old" });
  expect(verify(headers, "", { now: at - 301 })).toEqual({ ok: false, fault: "in_the_future" });
});

test("headers that are missing or unreadable are told apart", () => {
  const headers = signWebhook({ id: "abc", timestamp: now(), body: "", secrets: [secret] });
  for (const name of Object.keys(headers))
    expect(verify({ ...headers, [name]: undefined }, "")).toEqual({ ok: false, fault: "missing" });
  for (const time of ["soon", "1.5", "-1", "1e9", " 5"])
    expect(verify({ ...headers, "webhook-timestamp": time }, "")).toEqual({ ok: false, fault: "malformed" });
  const later = headers["webhook-signature"].replace("v1,", "v2,");
  expect(verify({ ...headers, "webhook-signature": later }, "")).toEqual({ ok: false, fault: "malformed" });
  // An asymmetric signature beside ours is not looked at.
  const both = `v1a,AAAA ${headers["webhook-signature"]}`;
  expect(verify({ ...headers, "webhook-signature": both }, "").ok).toBe(true);
});

test("what cannot be signed with is refused", () => {
  const sign = (more: object) => () =>
    signWebhook({ id: "abc", timestamp: now(), body: "", secrets: [secret], ...more });
  expect(sign({ secrets: [] })).toThrow(RangeError);
  expect(sign({ secrets: ["whsec_short"] })).toThrow(RangeError);
  expect(sign({ secrets: ["whsec_not base64 at all, but long enough for it"] })).toThrow(RangeError);
  expect(sign({ id: "a.b" })).toThrow(RangeError);
  expect(sign({ timestamp: 1.5 })).toThrow(RangeError);
  expect(sign({ secrets: [secret.slice("whsec_".length)] })()).toBeTruthy();
});

test("the standard's own example", () => {
  // From the specification's test vectors.
  const headers = signWebhook({
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    timestamp: 1_614_265_330,
    body: '{"test": 2432232314}',
    secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
  });
  expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});
