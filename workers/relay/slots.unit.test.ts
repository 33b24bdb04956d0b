import { expect, test } from "vitest";
import { Slots } from "./slots.ts";

test("no more than so many at once, in the order of asking", async () => {
  const slots = new Slots(2);
  const log: number[] = [];
  const first = await slots.take();
  const second = await slots.take();
  const waiting = [3, 4].map(async (n) => {
    const release = await slots.take();
    log.push(n);
    return release;
  });
  await Promise.resolve();
  expect(log).toEqual([]);
  first();
  const third = await waiting[0]!;
  expect(log).toEqual([3]);
  second();
  third();
  (await waiting[1]!)();
  expect(log).toEqual([3, 4]);
  await slots.take();
  await slots.take();
});
