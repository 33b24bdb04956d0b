import fc from "fast-check";
import { expect, test } from "vitest";
import { AskQueue, type Job } from "./ask-queue.ts";

const job = (appId: number, concurrency: number) => ({ app: { id: appId, policy: { concurrency } } }) as Job;

test("never more at once than an app or all may have, nothing is lost, and each app gets its turn", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 })), { maxLength: 12 }),
      fc.integer({ min: 1, max: 6 }),
      fc.scheduler(),
      async (batches, most, scheduler) => {
        const running = new Map<number, number>();
        let [all, done] = [0, 0];
        const queue = new AskQueue(most, async ({ app }) => {
          running.set(app.id, (running.get(app.id) ?? 0) + 1);
          all++;
          expect(all).toBeLessThanOrEqual(most);
          expect(running.get(app.id)).toBeLessThanOrEqual(app.id);
          await scheduler.schedule(Promise.resolve());
          running.set(app.id, running.get(app.id)! - 1);
          all--;
          done++;
        });
        for (const [app, count] of batches) queue.add(Array.from({ length: count }, () => job(app, app)));
        const idle = queue.whenIdle();
        await scheduler.waitFor(idle);
        expect(done).toBe(batches.reduce((sum, [, count]) => sum + count, 0));
        expect([queue.running, queue.waiting]).toEqual([0, 0]);
      },
    ),
    { numRuns: 60 },
  );
});

test("what has not begun can be taken out, of one app or of all", () => {
  const queue = new AskQueue(2, () => new Promise(() => undefined));
  queue.add([job(1, 1), job(1, 1), job(2, 1), job(2, 1), job(3, 1)]);
  expect([queue.running, queue.waiting]).toEqual([2, 3]);
  expect(queue.takeWaiting(1)).toHaveLength(1);
  expect([queue.inHand(1), queue.inHand(2), queue.inHand(3)]).toEqual([1, 2, 1]);
  expect(queue.takeWaiting()).toHaveLength(2);
  expect([queue.running, queue.waiting]).toEqual([2, 0]);
});
