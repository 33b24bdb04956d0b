import type { Pool } from "../../server/db.ts";
import type { SourceAddresses } from "../../server/config/source-addresses.ts";
import type { Log } from "../../server/log.ts";
import type { IntakeLimits } from "../../server/services/intake/limits.ts";
import type { TopicIds } from "../../server/services/intake/topic-ids.ts";
import type { OutboxTable } from "../../server/sources/outbox-table.ts";
import type { CollectMetrics } from "./collect-metrics.ts";
import type { SourceLeases } from "./source-lease.ts";

export interface CollectSettings {
  /** Stable name of this collector: what its leases stand under. */
  instance: string;
  leaseMs: number;
  /** Most rows of one transaction. */
  batch: number;
  /** Payload bytes after which a read stops. */
  batchBytes: number;
  pollMs: number;
  /** Least time from the start of one small batch to the next, ms. */
  paceMs: number;
  /** How often refused rows are tried again, ms. */
  retryMs: number;
  /** How often a source's backlog is looked at, ms. */
  sampleMs: number;
  /** A collector whose heartbeat is older counts as gone, ms. */
  silentMs: number;
  /** How often sources are taken, given back and looked at, ms. */
  balanceMs: number;
}

export interface CollectorOptions {
  settings: CollectSettings;
  limits: IntakeLimits;
  addresses: SourceAddresses;
  db: Pool;
  /** Plans pinned, transactions bounded. */
  hot: Pool;
  log: Log;
  metrics: CollectMetrics;
  tick: () => void;
  report: (detail: () => object) => void;
  /** Replaces what looks into a source; fault runs put themselves in between. */
  wrapTable?: (table: OutboxTable) => OutboxTable;
}

/** What the workers of all sources share. */
export interface CollectDeps extends CollectorOptions {
  leases: SourceLeases;
  topics: TopicIds;
  /** Number of lanes of the installation. */
  lanes: number;
}
