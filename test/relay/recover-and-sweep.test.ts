import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { readConfig } from "../../server/config/config.ts";
import { silentLog } from "../../server/log.ts";
import { partitionDaysAhead } from "../../server/store/partitions.ts";
import { startRecover } from "../../workers/recover/start-recover.ts";
import type { ProcessContext } from "../../workers/runtime/process.ts";
import { startSweep } from "../../workers/sweep/start-sweep.ts";
import { useRelay, waitForState } from "./relay-fixture.ts";

const fixture = useRelay();

function contextOf(kind: string, env: Record<string, string> = {}) {
  const stopping = new AbortController();
  const context: ProcessContext = {
    kind,
    instance: "test",
    config: readConfig({ DATABASE_URL: fixture.database.url, ...env }),
    databaseUrl: fixture.database.url,
    pool: fixture.database.pool,
    log: silentLog,
    metrics: new Registry(),
    signal: stopping.signal,
    tick: () => undefined,
    report: () => undefined,
    isQuiet: () => false,
  };
  return { context, stopping };
}

test("a scheduled message is relayed when its time has come, not before; two replicas do it once", async () => {
  const topic = await fixture.topic();
  const soon = new Date(Date.now() + 1500);
  const later = new Date(Date.now() + 3_600_000);
  await fixture.store(topic, [{ deliverAt: soon }, { deliverAt: soon }, { deliverAt: later }]);
  fixture.start();
  const replicas = [contextOf("recover"), contextOf("recover")];
  const running = await Promise.all(replicas.map((r) => startRecover(r.context)));
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 2);
  const { rows } = await fixture.database.pool.query<{ early: boolean }>(
    "SELECT sent_at < deliver_at AS early FROM message_state WHERE topic_id = $1 AND state = 'SENT'",
    [topic.topicId],
  );
  expect(rows).toEqual([{ early: false }, { early: false }]);
  await waitForState(fixture.database.pool, topic.topicId, "SCHEDULED", 1);
  expect(await running[0]!.readiness()).toMatchObject({ ready: true });
  for (const { stopping } of replicas) stopping.abort();
  await Promise.all(running.map((worker) => worker.stop()));
});

test("the sweep makes partitions ahead as far as it is told", async () => {
  const { context, stopping } = contextOf("sweep", { SURELAY_PARTITIONS_AHEAD_DAYS: "9" });
  const worker = await startSweep(context);
  await expect.poll(() => partitionDaysAhead(fixture.database.pool), { timeout: 20_000 }).toBe(9);
  await expect.poll(() => worker.readiness()).toMatchObject({ ready: true });
  stopping.abort();
  await worker.stop();
});
