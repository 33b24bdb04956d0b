import fc from "fast-check";
import { expect, test } from "vitest";
import { laneOf } from "./lane.ts";
import { newMessageId } from "./message-id.ts";

test("a topic and key always have the same lane, within range", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.integer({ min: 1, max: 512 }),
      (topic, key, lanes) => {
        const lane = laneOf(topic, key, newMessageId(), lanes);
        expect(lane).toBe(laneOf(topic, key, newMessageId(), lanes));
        expect(lane).toBeGreaterThanOrEqual(0);
        expect(lane).toBeLessThan(lanes);
      },
    ),
  );
});

test("keys, and messages without a key, spread evenly", () => {
  for (const keyOf of [(i: number) => `customer-${i}`, () => null]) {
    const counts = Array.from({ length: 8 }, () => 0);
    for (let i = 0; i < 8000; i++) counts[laneOf("orders.created", keyOf(i), newMessageId(), 8)]!++;
    for (const count of counts) expect(count).toBeGreaterThan(800);
  }
});

test("the lane of a key is fixed for ever: these values are stored", () => {
  expect([
    laneOf("orders.created", "customer-1", "", 4),
    laneOf("orders.created", "顾客-1", "", 4),
    laneOf("a", "bc", "", 512),
    laneOf("ab", "c", "", 512),
  ]).toMatchInlineSnapshot(`
    [
      0,
      3,
      451,
      247,
    ]
  `);
});
