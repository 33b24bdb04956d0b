import fc from "fast-check";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { murmur2, partitionOf } from "./partitioner.ts";

const reference = createRequire(import.meta.url)("kafkajs/src/producer/partitioners/default/murmur2.js") as (
  key: Buffer,
) => number;

// org.apache.kafka.common.utils.UtilsTest.testMurmur2
test.each([
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
])("murmur2 of %s is Java's", (text, hash) => {
  expect(murmur2(Buffer.from(text))).toBe(hash);
});

test("murmur2 agrees with the client library's on any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(murmur2(bytes)).toBe(reference(Buffer.from(bytes)));
    }),
  );
});

test("a record without a key keeps its partition however often it is tried, and ids spread", () => {
  const counts = new Map<number, number>();
  for (let i = 0; i < 6000; i++) {
    const id = `0193a0b0-${String(i).padStart(4, "0")}-7000-8000-0000000${String(i * 7919)
      .padStart(5, "0")
      .slice(-5)}`;
    const partition = partitionOf(null, id, 6);
    expect(partitionOf(null, id, 6)).toBe(partition);
    counts.set(partition, (counts.get(partition) ?? 0) + 1);
  }
  for (const count of counts.values()) expect(count).toBeGreaterThan(800);
  expect(counts.size).toBe(6);
});
