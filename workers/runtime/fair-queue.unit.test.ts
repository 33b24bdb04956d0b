import fc from "fast-check";
import { expect, test } from "vitest";
import { FairQueue } from "./fair-queue.ts";

interface Job {
  line: number;
  room: number;
}
const job = (line: number, room: number): Job => ({ line, room });
const queueOf = (most: number, run: (job: Job) => Promise<void>) =>
  new FairQueue({ most, run, lineOf: (j) => j.line, roomOf: (j) => j.room });

test("never more at once than a line or all may have, and nothing is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 })), { maxLength: 12 }),
      fc.integer({ min: 1, max: 6 }),
      fc.scheduler(),
      async (batches, most, scheduler) => {
        const running = new Map<number, number>();
        let [all, done] = [0, 0];
        const queue = queueOf(most, async ({ line }) => {
          running.set(line, (running.get(line) ?? 0) + 1);
          all++;
          expect(all).toBeLessThanOrEqual(most);
          expect(running.get(line)).toBeLessThanOrEqual(line);
          await scheduler.schedule(Promise.resolve());
          running.set(line, running.get(line)! - 1);
          all--;
          done++;
        });
        for (const [line, count] of batches) queue.add(Array.from({ length: count }, () => job(line, line)));
        const idle = queue.whenIdle();
        await scheduler.waitFor(idle);
        expect(done).toBe(batches.reduce((sum, [, count]) => sum + count, 0));
        expect([queue.running, queue.waiting]).toEqual([0, 0]);
      },
    ),
    { numRuns: 60 },
  );
});

test("what has not begun can be taken out, of one line or of all", () => {
  const queue = queueOf(2, () => new Promise(() => undefined));
  queue.add([job(1, 1), job(1, 1), job(2, 1), job(2, 1), job(3, 1)]);
  expect([queue.running, queue.waiting]).toEqual([2, 3]);
  expect(queue.takeWaiting(1)).toHaveLength(1);
  expect([queue.inHand(1), queue.inHand(2), queue.inHand(3)]).toEqual([1, 2, 1]);
  expect(queue.takeWaiting()).toHaveLength(2);
  expect([queue.running, queue.waiting]).toEqual([2, 0]);
});
