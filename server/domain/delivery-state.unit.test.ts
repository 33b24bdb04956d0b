import { expect, test } from "vitest";
import {
  DELIVERY_EVENTS,
  DELIVERY_STATES,
  DELIVERY_TRANSITIONS,
  SETTLED_DELIVERY_STATES,
  deliveryTargets,
} from "./delivery-state.ts";

test("every state is reached, every event does something, two are final", () => {
  for (const state of DELIVERY_STATES) expect(DELIVERY_TRANSITIONS.some((t) => t.to === state)).toBe(true);
  for (const event of DELIVERY_EVENTS) expect(DELIVERY_TRANSITIONS.some((t) => t.event === event)).toBe(true);
  expect(SETTLED_DELIVERY_STATES).toEqual(["ACKED", "DISCARDED"]);
});

test("where an event leads to two states, a condition tells them apart", () => {
  for (const event of DELIVERY_EVENTS)
    for (const from of [null, ...DELIVERY_STATES]) {
      const rows = DELIVERY_TRANSITIONS.filter((t) => t.event === event && t.from === from);
      expect(new Set(rows.map((t) => t.when ?? "")).size).toBe(rows.length);
    }
});

test("whatever has happened, an acknowledgement counts; what was given up waits for an operator", () => {
  for (const from of [null, "PENDING", "WAITING", "DEAD"] as const)
    expect(deliveryTargets("ack", from)).toEqual(["ACKED"]);
  const leaving = DELIVERY_TRANSITIONS.filter((t) => t.from === "DEAD" && t.event !== "ack");
  expect(leaving.every((t) => t.by.every((by) => by === "operator" || by === "sweep"))).toBe(true);
});
