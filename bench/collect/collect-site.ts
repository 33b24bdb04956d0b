import { setTimeout as sleep } from "node:timers/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../server/config/project-root.ts";
import { createPool, type Pool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { readOutboxProgress } from "../../server/store/outbox-progress.ts";
import { findOutboxSource, insertOutboxSource } from "../../server/store/outbox-sources.ts";
import { type CollectProcess, spawnCollect } from "../../test/collect/collect-process.ts";
import { type BenchSite, declared } from "../relay/bench-site.ts";

export const CONNECTION = "SURELAY_SOURCE_BENCH";

/** The relay's site, with a business database beside the store. */
export interface CollectSite extends BenchSite {
  businessUrl: string;
  collectArgs: string[];
}

/** A business database on the store's own server, with an empty local message table that is declared as a source. */
export async function makeBusiness(site: BenchSite): Promise<string> {
  const pool = createPool({ url: site.databaseUrl, max: 2, name: "bench", log: silentLog });
  try {
    await declared(site, pool);
    await pool.query("CREATE DATABASE business");
    const url = new URL(site.databaseUrl);
    url.pathname = "/business";
    const business = createPool({ url: url.href, max: 1, name: "bench", log: silentLog });
    await business.query(readFileSync(join(projectRoot(), "sdk/producer/sql/outbox.postgresql.sql"), "utf8"));
    await business.end();
    await insertOutboxSource(pool, {
      name: "bench",
      app: "orders",
      kind: "postgresql",
      layout: "surelay",
      connection: CONNECTION,
      table: "surelay_outbox",
      topicPattern: null,
      orderColumn: null,
    });
    return url.href;
  } finally {
    await pool.end();
  }
}

/** A collector of the product's own entry point that owns the source. */
export async function startCollector(site: CollectSite, pool: Pool): Promise<CollectProcess> {
  const { id } = (await findOutboxSource(pool, "bench"))!;
  const process = spawnCollect({
    name: "collect-1",
    databaseUrl: site.databaseUrl,
    entry: "workers/collect/main.ts",
    nodeArgs: site.collectArgs,
    env: {
      [CONNECTION]: site.businessUrl,
      SURELAY_COLLECT_LEASE_MS: "120000",
      SURELAY_COLLECT_POLL_MS: "1000",
    },
  });
  for (;;) {
    const progress = (await readOutboxProgress(pool)).find(({ sourceId }) => sourceId === id)!;
    if (progress.sampledAt !== null && progress.owner === "collect-1") return process;
    await sleep(50);
  }
}

/** Rows of the same payload and keys as the relay's benchmark, made by the server itself. */
export async function fillOutbox(
  site: CollectSite,
  business: Pool,
  rows: number,
  payloadBytes: number,
): Promise<void> {
  await business.query(
    `INSERT INTO surelay_outbox (id, topic, message_key, type, business_key, content_type, payload)
     SELECT overlay(overlay((lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || substr(md5(n || $1), 13)) PLACING '7' FROM 13) PLACING '8' FROM 17)::uuid,
            $1, 'customer-' || n % 1000, 'order.created', 'order-' || n, 'application/json', convert_to($2, 'UTF8')
     FROM generate_series(1, $3::int) n`,
    [site.topic, JSON.stringify({ text: "p".repeat(payloadBytes - 11) }), rows],
  );
}
