import { describe, expect, test } from "vitest";
import { type MessageListItem, isAbove, moveTo } from "./message-list-item.ts";
import { toJsonLines } from "./to-json-lines.ts";

const message: MessageListItem = {
  id: "0193a000-0000-7000-8000-00000000000a",
  appId: 1,
  app: "orders",
  topic: "orders.created",
  lane: 3,
  key: "k",
  businessKey: "o-1\n2",
  type: null,
  payloadBytes: 12,
  state: "READY",
  storedAt: new Date("2026-11-21T10:00:00.123Z"),
  sentAt: null,
  checkAt: null,
  deliverAt: null,
  heldAt: new Date("2026-11-21T10:00:01Z"),
  reason: null,
};
const newer = { ...message, id: "0193a000-0001-7000-8000-00000000000a" };

describe("a row of the list", () => {
  test("stands above an older one", () => {
    expect(isAbove(newer, message)).toBe(true);
    expect(isAbove(message, newer)).toBe(false);
  });

  test("that moved on is not held any longer; one that did not is the same row", () => {
    expect(moveTo(message, "SENT")).toEqual({ ...message, state: "SENT", heldAt: null });
    expect(moveTo(message, "READY")).toBe(message);
  });
});

test("an export is one object a line, newest first, however a key is written", () => {
  const lines = toJsonLines([message, newer]).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    [newer, message].map(({ appId: _internal, ...one }) => JSON.parse(JSON.stringify(one))),
  );
});
