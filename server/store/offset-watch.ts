import type { Queryable } from "../db.ts";
import { plainArray } from "./sql-array.ts";

/** A consumer group to be watched. */
export interface WatchedGroup {
  subscriptionId: number;
  groupId: string;
  /** `offset`: its committed offsets settle messages. `explicit`: they are shown as its lag, and nothing else. */
  ack: "offset" | "explicit";
  /** Name of its retry topic, which its consumers read as well. */
  retryTopic: string | null;
}

export interface WatchedTopic {
  topicId: number;
  topic: string;
  groups: WatchedGroup[];
}

const WATCHABLE = "x.removed_at IS NULL AND x.ack IN ('offset', 'explicit')";

/**
 * Renews the leases of topics that `owner` watches, and takes those that nobody does. A process that slept past its lease
 * does again what another one did: every statement of a watcher may run twice.
 *
 * @returns ids of the topics that are its own now
 */
export async function claimWatches(db: Queryable, owner: string, ttlMs: number): Promise<number[]> {
  const { rows } = await db.query<{ topicId: number }>({
    name: "claim-watches",
    text: `INSERT INTO offset_watch AS w (topic_id, owner, until)
           SELECT DISTINCT x.topic_id, $1::text, now() + $2 * interval '1 ms' FROM subscription x WHERE ${WATCHABLE} ORDER BY 1
           ON CONFLICT (topic_id) DO UPDATE SET owner = excluded.owner, until = excluded.until
           WHERE w.owner = excluded.owner OR w.until < now()
           RETURNING topic_id AS "topicId"`,
    values: [owner, ttlMs],
  });
  return rows.map(({ topicId }) => topicId);
}

/** Gives back what `owner` watches, so that others need not wait for the leases to end. */
export async function releaseWatches(db: Queryable, owner: string): Promise<void> {
  await db.query("DELETE FROM offset_watch WHERE owner = $1", [owner]);
}

/** What is to be asked of a topic now, with the database's time. Null: nothing is declared any longer. */
export async function readWatchedTopic(
  db: Queryable,
  topicId: number,
): Promise<(WatchedTopic & { now: Date }) | null> {
  const { rows } = await db.query<WatchedGroup & { topic: string; now: Date }>({
    name: "read-watched-topic",
    text: `SELECT x.id AS "subscriptionId", x.group_id AS "groupId", x.ack, r.name AS "retryTopic", t.name AS topic, now()
           FROM subscription x JOIN topic t ON t.id = x.topic_id LEFT JOIN topic r ON r.id = x.retry_topic_id
           WHERE x.topic_id = $1 AND ${WATCHABLE} ORDER BY x.id`,
    values: [topicId],
  });
  if (rows.length === 0) return null;
  const { topic, now } = rows[0]!;
  return { topicId, topic, now, groups: rows };
}

/** How far a group has come in a partition. */
export interface GroupPosition {
  subscriptionId: number;
  retry: boolean;
  partition: number;
  /** Null: it has committed nothing there. */
  committed: bigint | null;
  endOffset: bigint;
}

/** Writes positions down; `moved_at` says since when the committed offset stands where it does. */
export async function writeProgress(db: Queryable, positions: readonly GroupPosition[]): Promise<void> {
  if (positions.length === 0) return;
  await db.query({
    name: "write-group-progress",
    text: `INSERT INTO group_progress AS p (subscription_id, retry, partition, committed, end_offset)
           SELECT * FROM unnest($1::int[], $2::boolean[], $3::int[], $4::bigint[], $5::bigint[])
           ON CONFLICT (subscription_id, retry, partition) DO UPDATE
           SET committed = excluded.committed, end_offset = excluded.end_offset, seen_at = now(),
               moved_at = CASE WHEN p.committed IS DISTINCT FROM excluded.committed THEN now() ELSE p.moved_at END`,
    values: [
      plainArray(positions.map((p) => p.subscriptionId)),
      plainArray(positions.map((p) => String(p.retry))),
      plainArray(positions.map((p) => p.partition)),
      plainArray(positions.map((p) => p.committed)),
      plainArray(positions.map((p) => p.endOffset)),
    ],
  });
}
