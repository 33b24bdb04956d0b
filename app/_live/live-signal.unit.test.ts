import { expect, test } from "vitest";
import { readSignal } from "./live-signal.ts";

test("reads what tabs of this version send", () => {
  for (const signal of [
    { type: "notice", version: "a-1", at: 5, eventId: "a-1" },
    { type: "notice", version: "a-1", at: null, eventId: "a-1" },
    { type: "connection", connected: false },
    { type: "refused" },
    { type: "ask" },
  ])
    expect(readSignal(structuredClone(signal))).toEqual(signal);
});

test("ignores everything else", () => {
  for (const data of [
    null,
    7,
    "ask",
    {},
    { type: "other" },
    { type: "notice", version: 1, at: 5, eventId: "x" },
  ])
    expect(readSignal(data)).toBeNull();
});
