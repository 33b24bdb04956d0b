import type { Pool } from "../../server/db.ts";
import { NO_CHECK_SETTINGS } from "../../server/domain/check-policy.ts";
import { laneOf } from "../../server/domain/lane.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { upsertApp } from "../../server/store/apps.ts";
import { insertPrepared } from "../../server/store/store-messages.ts";
import { upsertTopic } from "../../server/store/topics.ts";
import { type BenchProcess, bundlePrograms } from "../support/bundled-process.ts";

const TOPIC = "orders.created";

export type Start = (name: "confirm" | "producer" | "asker", env: Record<string, string>) => BenchProcess;

/** Worker, producer and asker as bundles, as production runs them. */
export function bundle(): Promise<Start> {
  return bundlePrograms("confirm", {
    confirm: "workers/confirm/main.ts",
    producer: "bench/confirm/producer.ts",
    asker: "bench/confirm/asker.ts",
  });
}

/** Apps whose check URL leads to one producer. @param concurrency of each; null: the default */
export async function declareApps(
  pool: Pool,
  url: string,
  count: number,
  concurrency: number | null,
): Promise<Of[]> {
  const topic = await upsertTopic(pool, { name: TOPIC, partitions: 6, schema: null, masked: false });
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const app = await upsertApp(pool, {
        name: `orders-${n + 1}`,
        checkUrl: url,
        checkAfterSeconds: null,
        contact: null,
        check: { ...NO_CHECK_SETTINGS, concurrency },
      });
      return { appId: app.id, topicId: topic.id };
    }),
  );
}

export interface Of {
  appId: number;
  topicId: number;
}

/** Prepared messages of these apps in turn. */
export async function prepare(
  hot: Pool,
  of: readonly Of[],
  count: number,
  checkAfterSeconds: number,
): Promise<void> {
  const payload = Buffer.from(JSON.stringify({ text: "p".repeat(289) }));
  for (let at = 0; at < count; at += 500) {
    await insertPrepared(
      hot,
      Array.from({ length: Math.min(500, count - at) }, (_, i) => {
        const id = newMessageId();
        return {
          ...of[(at + i) % of.length]!,
          id,
          lane: laneOf(TOPIC, null, id, 4),
          key: null,
          type: null,
          businessKey: `order-${at + i}`,
          contentType: "application/json",
          headers: null,
          traceparent: null,
          payload,
          deliverAt: null,
          checkAfterSeconds,
        };
      }),
    );
  }
}
