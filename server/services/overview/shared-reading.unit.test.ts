import { expect, test } from "vitest";
import { SharedReading } from "./shared-reading.ts";

function counted(results: (() => Promise<number>)[]) {
  let n = 0;
  return { read: () => results[n++]!(), count: () => n };
}

test("answers within the lifetime share one reading, also while it is under way", async () => {
  const source = counted([() => Promise.resolve(1), () => Promise.resolve(2)]);
  const shared = new SharedReading(1000, source.read);
  expect(await Promise.all([shared.get(0), shared.get(10), shared.get(999)])).toEqual([1, 1, 1]);
  expect(source.count()).toBe(1);
  expect(await shared.get(1000)).toBe(2);
});

test("a failed reading is told to who waited for it, and the next one asks anew", async () => {
  const source = counted([() => Promise.reject(new Error("gone")), () => Promise.resolve(2)]);
  const shared = new SharedReading(1000, source.read);
  await expect(shared.get(0)).rejects.toThrow("gone");
  expect(await shared.get(1)).toBe(2);
});
