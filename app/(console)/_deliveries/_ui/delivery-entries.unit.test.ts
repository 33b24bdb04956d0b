import { expect, test } from "vitest";
import { deliveryEntries } from "./delivery-entries.ts";
import type { DeliveryDetail } from "./delivery-shape.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
const attempt = (kind: string, seconds: number) =>
  ({ kind, at: at(seconds), attempt: 1, by: "consumer" }) as DeliveryDetail["attempts"][number];
const delivery = (part: Partial<DeliveryDetail>) =>
  ({
    subscriptionId: 3,
    state: "ACKED",
    movedAt: at(9),
    dueAt: null,
    attempts: [],
    ...part,
  }) as DeliveryDetail;

const told = (part: Partial<DeliveryDetail>) =>
  deliveryEntries(delivery(part)).map((entry) => [
    entry.key,
    entry.at.getUTCSeconds(),
    entry.future === true,
  ]);

test("tells what went its ordinary way by its acknowledgement alone", () => {
  expect(told({})).toEqual([["acked-3", 9, false]]);
});

test("tells attempts, and what is due", () => {
  expect(told({ state: "WAITING", attempts: [attempt("retry", 4)], dueAt: at(20) })).toEqual([
    ["delivery-3-0-retry", 4, false],
    ["due-3", 20, true],
  ]);
  expect(told({ state: "PENDING", dueAt: at(30) })).toEqual([["due-3", 30, true]]);
  // Its redelivery is on its way into the broker: nothing is due.
  expect(told({ state: "WAITING" })).toEqual([]);
});

test("tells a late acknowledgement once", () => {
  expect(told({ attempts: [attempt("dead", 4), attempt("acked_late", 9)] })).toEqual([
    ["delivery-3-0-dead", 4, false],
    ["delivery-3-1-acked_late", 9, false],
  ]);
});
