import { expect, test } from "vitest";
import { within } from "../deadline.ts";
import { faultOf, faultOfCode, KafkaFault } from "./fault.ts";

test.each([
  [10, "record_refused", "MESSAGE_TOO_LARGE"],
  [87, "record_refused", "INVALID_RECORD"],
  [29, "not_permitted", "TOPIC_AUTHORIZATION_FAILED"],
  [47, "fenced", "INVALID_PRODUCER_EPOCH"],
  [3, "retry", "UNKNOWN_TOPIC_OR_PARTITION"],
  [6, "retry", "NOT_LEADER_OR_FOLLOWER"],
  [9999, "retry", "ERROR_9999"],
] as const)("code %i is %s, %s", (code, kind, name) => {
  const fault = faultOfCode(code, "doing something");
  expect(fault).toMatchObject({ kind, code: name });
  expect(fault.message).toBe(`${name}: doing something`);
});

test("the client's errors are taken by their protocol code, also one level deep", () => {
  const protocol = Object.assign(new Error("x"), { code: 47, type: "INVALID_PRODUCER_EPOCH" });
  expect(faultOf(protocol, "d").kind).toBe("fenced");
  expect(faultOf(Object.assign(new Error("retried"), { cause: protocol }), "d").kind).toBe("fenced");
});

test("anything else is a connection's fault and tried again; a fault stays what it is", () => {
  expect(faultOf(new Error("socket hang up"), "d")).toMatchObject({ kind: "retry", code: "CONNECTION" });
  expect(faultOf("text", "d").kind).toBe("retry");
  const fault = new KafkaFault("not_permitted", "X", "y");
  expect(faultOf(fault, "d")).toBe(fault);
});

test("no wait is without an end", async () => {
  const late = within(new Promise(() => undefined), 5, "nothing");
  await expect(late).rejects.toThrow("nothing took longer than 5 ms");
  expect(faultOf(await late.catch((e: unknown) => e), "d")).toMatchObject({
    kind: "retry",
    code: "LOCAL_TIMEOUT",
  });
  await expect(within(Promise.resolve(7), 1000, "seven")).resolves.toBe(7);
});
