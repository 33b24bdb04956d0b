import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { readConfig } from "../../server/config/config.ts";
import { silentLog } from "../../server/log.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { insertPrepared, insertReady } from "../../server/store/store-messages.ts";
import { keepCounters } from "../../workers/sweep/keep-counters.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";

const db = useDatabase();

test("the sweep adds up minutes gone by, shows what waits, and mends what was written past the counters", async () => {
  const metrics = new Registry();
  const counters = keepCounters({
    config: readConfig({ DATABASE_URL: db.url }),
    pool: db.pool,
    log: silentLog,
    metrics,
  } as Parameters<typeof keepCounters>[0]);
  const owner = await declare(db.pool);
  await insertPrepared(db.hot, [newMessage(owner), newMessage(owner)]);
  await insertReady(db.hot, [newMessage(owner)]);
  await db.pool.query(
    "UPDATE message_state SET stored_at = stored_at - interval '1 hour', decided_at = decided_at - interval '1 hour'",
  );
  await db.pool.query("UPDATE message_flow SET minute = minute - interval '1 hour'");
  expect(await counters.tidyOnce()).toBe(false);
  expect((await db.pool.query("SELECT DISTINCT slot FROM message_flow")).rows).toEqual([{ slot: -1 }]);
  expect(await metrics.metrics()).toMatch(/surelay_messages_waiting\{state="PREPARED"\} 2/);

  await db.pool.query("DELETE FROM message_state WHERE state = 'PREPARED'");
  expect(await compareFlow(db.pool)).toHaveLength(1);
  await counters.checkOnce();
  expect(await compareFlow(db.pool)).toEqual([]);
  await counters.tidyOnce();
  expect(await metrics.metrics()).not.toMatch(/surelay_messages_waiting\{state="PREPARED"\}/);
  expect(await metrics.metrics()).toMatch(/surelay_flow_cohorts_mended_total 1/);
});
