import type { Pool } from "../../server/db.ts";
import { laneOf } from "../../server/domain/lane.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { completeSubscription } from "../../server/domain/subscription.ts";
import { upsertApp } from "../../server/store/apps.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import { insertReady } from "../../server/store/store-messages.ts";
import { insertSubscription } from "../../server/store/subscriptions.ts";
import { upsertTopic } from "../../server/store/topics.ts";
import { type BenchProcess, bundlePrograms } from "../support/bundled-process.ts";

export type Start = (name: "notify" | "receiver" | "caller", env: Record<string, string>) => BenchProcess;

/** Worker, receiver and caller as bundles, as production runs them. */
export function bundle(): Promise<Start> {
  return bundlePrograms("notify", {
    notify: "workers/notify/main.ts",
    receiver: "bench/notify/receiver.ts",
    caller: "bench/notify/caller.ts",
  });
}

export interface Endpoints {
  appId: number;
  /** One topic and one webhook subscription each. */
  topics: { id: number; name: string }[];
}

/** Webhook subscriptions whose URLs lead to one receiver. @param name of this set */
export async function declareEndpoints(
  pool: Pool,
  set: { name: string; url: string; count: number; concurrency: number },
): Promise<Endpoints> {
  const app = await upsertApp(pool, {
    name: "orders",
    checkUrl: null,
    checkAfterSeconds: null,
    contact: null,
  });
  const topics: Endpoints["topics"] = [];
  for (let n = 0; n < set.count; n++) {
    const topic = await upsertTopic(pool, {
      name: `${set.name}-${n + 1}`,
      partitions: 1,
      schema: null,
      masked: false,
    });
    const spec = completeSubscription({
      topic: topic.name,
      name: "partner",
      ack: "webhook",
      webhook: { url: set.url, concurrency: set.concurrency },
    });
    await insertSubscription(pool, spec, { retry: null, deadLetter: null });
    topics.push({ id: topic.id, name: topic.name });
  }
  return { appId: app.id, topics };
}

/** Messages for these endpoints in turn, marked as sent: their deliveries are due. */
export async function send(hot: Pool, to: Endpoints, count: number): Promise<void> {
  const payload = Buffer.from(JSON.stringify({ text: "p".repeat(289) }));
  const lane = await acquireLane(hot, { lane: 0, owner: "bench", ttlMs: 3_600_000 });
  for (let at = 0; at < count; at += 500) {
    const messages = Array.from({ length: Math.min(500, count - at) }, (_, i) => {
      const id = newMessageId();
      const topic = to.topics[(at + i) % to.topics.length]!;
      return {
        id,
        appId: to.appId,
        topicId: topic.id,
        lane: laneOf(topic.name, null, id, 4),
        key: null,
        type: null,
        businessKey: `order-${at + i}`,
        contentType: "application/json",
        headers: null,
        traceparent: null,
        payload,
        deliverAt: null,
        checkAfterSeconds: 3600,
      };
    });
    await insertReady(hot, messages);
    await markSent(hot, {
      lane: 0,
      epoch: lane!.epoch,
      progressOffset: BigInt(at),
      sent: messages.map(({ id }, i) => ({ id, partition: 0, offset: BigInt(at + i) })),
    });
  }
}

/** Deliveries of these endpoints that are not acknowledged, by the counters. */
export async function countOpen(hot: Pool, of: Endpoints): Promise<number> {
  const { rows } = await hot.query<{ n: number }>(
    `SELECT coalesce(sum(f.entered - f.departed), 0)::int AS n
     FROM delivery_flow f JOIN subscription s ON s.id = f.subscription_id
     WHERE f.state IN ('PENDING', 'WAITING', 'DEAD') AND s.topic_id = ANY($1::int[])`,
    [of.topics.map(({ id }) => id)],
  );
  return rows[0]!.n;
}
