import { expect, it } from "vitest";
import { BatchQueue } from "./batch-queue.ts";
import type { SurelayError } from "./surelay-error.ts";

const queueOf = (call: (items: readonly string[]) => (string | null | SurelayError)[]) =>
  new BatchQueue<string, string | null>({
    call: (items) => Promise.resolve(call(items)),
    maxInFlight: 1,
    maxItems: 10,
    maxBytes: 1000,
    bytesOf: (item) => item.length,
    maxQueued: 100,
    attemptTimeoutMs: 100,
  });

it("takes null for a result: an item is asked about once", async () => {
  const asked: string[] = [];
  const queue = queueOf((items) => {
    asked.push(...items);
    return items.map(() => null);
  });
  expect(await Promise.all([queue.add("a", 1000), queue.add("b", 1000)])).toEqual([null, null]);
  expect(asked).toEqual(["a", "b"]);
});

it("fails an item that the answer does not tell of", async () => {
  const queue = queueOf(() => ["for a"]);
  const [a, b] = await Promise.allSettled([queue.add("a", 1), queue.add("b", 1)]);
  expect(a).toEqual({ status: "fulfilled", value: "for a" });
  expect(b).toMatchObject({ status: "rejected", reason: { code: "bad_answer" } });
});
