import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "prom-client";
import { afterEach, beforeAll, beforeEach, expect } from "vitest";
import { readConfig } from "../../server/config/config.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { createPool, type Pool, type Queryable } from "../../server/db.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import type { OutboxSourceSpec } from "../../server/domain/outbox-source.ts";
import { createLog, silentLog } from "../../server/log.ts";
import { intakeLimits } from "../../server/services/intake/limits.ts";
import type { OutboxTable } from "../../server/sources/outbox-table.ts";
import { insertOutboxSource } from "../../server/store/outbox-sources.ts";
import type { CollectSettings } from "../../workers/collect/collect-deps.ts";
import { CollectMetrics } from "../../workers/collect/collect-metrics.ts";
import { Collector } from "../../workers/collect/collector.ts";
import { type TestDatabase, useDatabase } from "../support/database.ts";
import { declare } from "../support/messages.ts";

/** For what takes a moment on an idle machine and many on a busy one. */
export const PATIENTLY = { timeout: 20_000, interval: 10 };

export const TOPIC = "orders.created";

export interface CollectFixture {
  /** The service's database. */
  store: TestDatabase;
  /** A business database with the table of the layout `surelay`. */
  business: TestDatabase;
  topicId: number;
  /** Starts a collector in this process; stopped after the test. */
  start(settings?: Partial<CollectSettings>, more?: StartOptions): Collector;
  stop: () => Promise<void>;
  /** Declares a source; unless told otherwise the business database's table. */
  source(spec?: Partial<OutboxSourceSpec>): Promise<OutboxSourceSpec>;
}

interface StartOptions {
  /** Addresses by variable beside that of the business database. */
  addresses?: Record<string, string>;
  wrapTable?: (table: OutboxTable) => OutboxTable;
}

export const BUSINESS = "SURELAY_SOURCE_BUSINESS";

/** The statements of a file of sdk/producer/sql. */
export function outboxTableSql(dialect: "postgresql" | "mysql"): string {
  return readFileSync(join(projectRoot(), "sdk/producer/sql", `outbox.${dialect}.sql`), "utf8");
}

/** One store and one business database per file; sources and messages are gone before each test. */
export function useCollect(): CollectFixture {
  const store = useDatabase();
  const business = useDatabase();
  const running: Collector[] = [];
  const pools: Pool[] = [];
  const fixture = { store, business, topicId: 0 } as CollectFixture;
  beforeAll(async () => {
    await business.pool.query(outboxTableSql("postgresql"));
    fixture.topicId = (await declare(store.pool, { topic: TOPIC })).topicId;
  });
  beforeEach(async () => {
    await store.pool.query("DELETE FROM outbox_source; TRUNCATE message, message_state, message_flow");
    await business.pool.query("TRUNCATE surelay_outbox");
  });
  fixture.stop = async () => {
    await Promise.all(running.splice(0).map((collector) => collector.stop()));
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
  };
  afterEach(fixture.stop);
  fixture.start = (settings = {}, { addresses = {}, wrapTable } = {}) => {
    const log = process.env.COLLECT_TEST_LOG
      ? createLog("collect", "debug", { write: (l: string) => void process.stderr.write(l) })
      : silentLog;
    const hot = createPool({
      url: store.url,
      max: 8,
      name: "collect hot",
      log,
      hot: true,
      idleInTransactionMs: 5000,
    });
    pools.push(hot);
    const collector = new Collector({
      settings: { ...SETTINGS, ...settings },
      limits: intakeLimits(readConfig({})),
      addresses: new Map(Object.entries({ [BUSINESS]: business.url, ...addresses })),
      db: store.pool,
      hot,
      log,
      metrics: new CollectMetrics(new Registry()),
      tick: () => undefined,
      report: () => undefined,
      ...(wrapTable && { wrapTable }),
    });
    collector.start();
    running.push(collector);
    return collector;
  };
  fixture.source = async (spec = {}) => {
    const whole: OutboxSourceSpec = {
      name: "business",
      app: "orders",
      kind: "postgresql",
      layout: "surelay",
      connection: BUSINESS,
      table: "surelay_outbox",
      topicPattern: null,
      orderColumn: null,
      ...spec,
    };
    expect(await insertOutboxSource(store.pool, whole)).toBe("inserted");
    return whole;
  };
  return fixture;
}

export const SETTINGS: CollectSettings = {
  instance: "collect-a",
  leaseMs: 12_000,
  batch: 500,
  batchBytes: 4 * 1024 * 1024,
  pollMs: 25,
  paceMs: 0,
  retryMs: 100,
  sampleMs: 100,
  silentMs: 15_000,
  balanceMs: 50,
};

export interface OutboxRow {
  id?: string;
  topic?: string;
  key?: string | null;
  payload?: string;
  headers?: string | null;
}

/** Writes rows as a business without the SDK would. @returns their ids, in order */
export async function insertRows(db: Queryable, rows: readonly OutboxRow[]): Promise<string[]> {
  const ids = rows.map((row) => row.id ?? newMessageId());
  await db.query(
    `INSERT INTO surelay_outbox (id, topic, message_key, headers, payload)
     SELECT id, topic, key, headers::json, convert_to(payload, 'UTF8')
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS x(id, topic, key, headers, payload, n)
     ORDER BY n`,
    [
      ids,
      rows.map((row) => row.topic ?? TOPIC),
      rows.map((row) => row.key ?? null),
      rows.map((row) => row.headers ?? null),
      rows.map((row) => row.payload ?? "{}"),
    ],
  );
  return ids;
}

/** Payloads of the stored messages of each key, in the order in which the relay sends them. */
export async function storedByKey(db: Queryable): Promise<Record<string, string[]>> {
  const { rows } = await db.query<{ key: string | null; payload: string }>(
    `SELECT m.key, convert_from(m.payload, 'UTF8') AS payload
     FROM message m JOIN message_state s ON s.id = m.id WHERE s.state = 'READY' ORDER BY s.ready_seq`,
  );
  const byKey: Record<string, string[]> = {};
  for (const { key, payload } of rows) (byKey[key ?? ""] ??= []).push(payload);
  return byKey;
}

export async function countStored(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ n: number }>("SELECT count(*)::int AS n FROM message_state");
  return rows[0]!.n;
}

export async function countWaiting(db: Queryable, table = "surelay_outbox"): Promise<number> {
  const { rows } = await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return rows[0]!.n;
}

/** Waits until as many messages are stored and nothing waits in the source. */
export async function untilCollected(fixture: CollectFixture, count: number, left = 0): Promise<void> {
  const look = async () => [await countStored(fixture.store.pool), await countWaiting(fixture.business.pool)];
  await expect.poll(look, { timeout: 30_000, interval: 10 }).toEqual([count, left]);
}
