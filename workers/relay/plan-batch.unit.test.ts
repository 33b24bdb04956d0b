import fc from "fast-check";
import { expect, test } from "vitest";
import { recordSize } from "../../server/kafka/record-batch.ts";
import type { ReadyMessage } from "../../server/store/ready-messages.ts";
import { type PlanOptions, planBatch, type Route } from "./plan-batch.ts";
import { recordOfMessage } from "./record-of-message.ts";

const message = (n: number, key: string | null, bytes: number, topicId = 1): ReadyMessage => ({
  id: `0193a0b0-0000-7000-8000-${String(n).padStart(12, "0")}`,
  resendId: null,
  attempt: 1,
  readySeq: BigInt(n),
  appId: 1,
  topicId,
  mainTopicId: topicId,
  key,
  type: null,
  businessKey: null,
  contentType: "application/json",
  headers: null,
  traceparent: null,
  payload: Buffer.alloc(bytes, "x"),
  storedAt: new Date(0),
  subscription: null,
  extraHeaders: null,
});

const open = (topicId: number): Route => ({
  kind: "open",
  topic: `t${topicId}`,
  partitions: 3,
  maxBatchBytes: 1_000_000,
});
const record = (m: ReadyMessage) => recordOfMessage(m, { app: "orders", topic: `t${m.topicId}` });
const options = (more: Partial<PlanOptions> = {}): PlanOptions => ({
  route: open,
  record,
  maxBytes: 10_000,
  limitOf: () => Number.POSITIVE_INFINITY,
  ...more,
});

const anyMessages = fc
  .array(
    fc.tuple(fc.option(fc.constantFrom("a", "b", "c", "d")), fc.nat({ max: 6000 }), fc.constantFrom(1, 2)),
    {
      maxLength: 60,
    },
  )
  .map((rows) => rows.map(([key, bytes, topicId], n) => message(n, key, bytes, topicId)));

test("every message has exactly one fate, and each partition's batch is a prefix of what is due there", () => {
  fc.assert(
    fc.property(anyMessages, fc.integer({ min: 1, max: 20 }), (messages, limit) => {
      const plan = planBatch(messages, options({ limitOf: () => limit }));
      const planned = plan.parts.flatMap((p) => p.messages);
      expect(planned.length + plan.held.length + plan.tooLarge.length + plan.left).toBe(messages.length);
      expect(new Set(planned).size).toBe(planned.length);
      for (const part of plan.parts) {
        expect(part.messages.length).toBeGreaterThan(0);
        expect(part.messages.length).toBeLessThanOrEqual(limit);
        if (part.messages.length > 1) expect(part.bytes).toBeLessThanOrEqual(10_000);
        const last = part.messages.at(-1)!.readySeq;
        for (const key of new Set(part.messages.map((m) => m.key))) {
          if (key === null) continue;
          const due = messages.filter(
            (m) => m.topicId === part.topicId && m.key === key && m.readySeq <= last,
          );
          expect(part.messages.filter((m) => m.key === key)).toEqual(due);
        }
      }
    }),
  );
});

test("a record larger than a partition's share goes alone; larger than its topic allows, not at all", () => {
  const large = message(1, "a", 50_000);
  const plan = planBatch([large, message(2, "a", 10)], options());
  expect(plan.parts.map((p) => p.messages)).toEqual([[large]]);
  expect(plan.left).toBe(1);
  const limit = recordSize(record(large)) + 60;
  const route = (): Route => ({ kind: "open", topic: "t1", partitions: 3, maxBatchBytes: limit });
  expect(planBatch([large], options({ route })).tooLarge).toEqual([
    { message: large, topic: "t1", bytes: limit + 1 },
  ]);
});

test("of a topic that is being probed one message goes; of a held one none", () => {
  const messages = [message(1, "a", 1), message(2, "b", 1), message(3, "c", 1, 2)];
  const route = (topicId: number): Route =>
    topicId === 1 ? ({ ...open(1), kind: "probe" } as Route) : { kind: "held" };
  const plan = planBatch(messages, options({ route }));
  expect(plan.parts.flatMap((p) => p.messages)).toEqual([messages[0]]);
  expect(plan.held).toEqual([messages[1], messages[2]]);
});
