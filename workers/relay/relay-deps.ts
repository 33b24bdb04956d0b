import type { Pool, Queryable } from "../../server/db.ts";
import type { RelayKafka } from "../../server/kafka/port.ts";
import type { Log } from "../../server/log.ts";
import type { Directory } from "./directory.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import type { Pauses } from "./pauses.ts";
import type { RelayMetrics } from "./relay-metrics.ts";
import type { Slots } from "./slots.ts";

export interface RelaySettings {
  env: string;
  /** Stable name of this relay: what its leases stand under. */
  instance: string;
  leaseMs: number;
  /** Most messages of one transaction. */
  batch: number;
  /** Most bytes of one partition in one transaction. */
  batchBytes: number;
  /** Payload bytes after which a read stops. */
  readBytes: number;
  pollMs: number;
  topicRetryMs: number;
  /** A relay whose heartbeat is older counts as gone, ms. */
  silentMs: number;
  /** How often lanes are taken, given back and looked at, ms. */
  balanceMs: number;
  /** Transactions at once. */
  slots: number;
}

export interface RelayOptions {
  settings: RelaySettings;
  kafka: RelayKafka;
  db: Pool;
  /** Plans pinned. */
  hot: Pool;
  log: Log;
  metrics: RelayMetrics;
  tick: () => void;
  /** Names what is shown beside the heartbeat; asked anew for each. */
  report: (detail: () => object) => void;
}

/** What the workers of all lanes share. */
export interface RelayDeps {
  settings: RelaySettings;
  kafka: RelayKafka;
  db: Queryable;
  hot: Queryable;
  log: Log;
  metrics: RelayMetrics;
  tick: () => void;
  leases: LeaseKeeper;
  directory: Directory;
  pauses: Pauses;
  slots: Slots;
  env: string;
  owner: string;
  progressTopic: string;
  retryMs: number;
  ensureProgressTopic(): Promise<void>;
}
