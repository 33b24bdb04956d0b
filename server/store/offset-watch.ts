import type { Queryable } from "../db.ts";
import { plainArray } from "./sql-array.ts";

/** A consumer group to be watched. */
export interface WatchedGroup {
  subscriptionId: number;
  groupId: string;
  /** `offset`: its committed offsets settle messages. `explicit`: they say from when a deadline counts. */
  ack: "offset" | "explicit";
  ackTimeoutSeconds: number;
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
    text: `SELECT x.id AS "subscriptionId", x.group_id AS "groupId", x.ack, x.ack_timeout_seconds AS "ackTimeoutSeconds",
             r.name AS "retryTopic", t.name AS topic, now()
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
  /** The first record that it has not passed, once it stands still. Null: it moves, has read everything, or is not looked at yet. */
  head: bigint | null;
  /** With `head`: whether somebody is there to handle it. */
  attended: boolean;
}

/** Of the time for an acknowledgement, what lies between two points of a trail: so much later a deadline may be missed. */
const TRAIL_STEPS = 8;

/**
 * A column of the trail. It holds at least one point as old as the time for an acknowledgement, if the group was watched for
 * so long, and of the time since about one each eighth. A group that is put back begins anew: it reads again.
 */
function trail(column: "trail_at" | "trail_offset"): string {
  const timeout = `(SELECT x.ack_timeout_seconds * interval '1 second' FROM subscription x WHERE x.id = p.subscription_id)`;
  const last = `p.trail_offset[cardinality(p.trail_offset)]`;
  return `${column} = CASE
               WHEN last_of IS NULL OR excluded.committed IS NULL OR excluded.committed < last_of THEN excluded.${column}
               WHEN excluded.committed > last_of AND p.trail_at[cardinality(p.trail_at)] <= now() - ${timeout} / ${TRAIL_STEPS}
               THEN p.${column}[(SELECT greatest(1, count(*)) FROM unnest(p.trail_at) AS seen(at) WHERE at <= now() - ${timeout})::int:]
                    || excluded.${column}
               ELSE p.${column} END`.replaceAll("last_of", last);
}

const HEAD_CHANGED = "p.head_offset IS DISTINCT FROM excluded.head_offset";

/**
 * Writes positions down. `moved_at` says since when the committed offset stands where it does, `head_at` since when the same
 * record is unread there, `attended_at` since when somebody is there for it.
 *
 * @param askedAt the database's time before the broker was asked: what was sent until then stands below `endOffset`, however
 * long the answers took
 */
export async function writeProgress(
  db: Queryable,
  positions: readonly GroupPosition[],
  askedAt: Date,
): Promise<void> {
  if (positions.length === 0) return;
  await db.query({
    name: "write-group-progress",
    text: `INSERT INTO group_progress AS p (subscription_id, retry, partition, committed, end_offset, seen_at, head_offset,
             head_at, attended_at, trail_at, trail_offset)
           SELECT n.subscription_id, n.retry, n.partition, n.committed, n.end_offset, $8::timestamptz, n.head,
                  CASE WHEN n.head IS NOT NULL THEN now() END, CASE WHEN n.attended THEN now() END,
                  CASE WHEN n.committed IS NULL THEN '{}' ELSE ARRAY[now()] END,
                  CASE WHEN n.committed IS NULL THEN '{}' ELSE ARRAY[n.committed] END
           FROM unnest($1::int[], $2::boolean[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::boolean[])
             AS n(subscription_id, retry, partition, committed, end_offset, head, attended)
           ON CONFLICT (subscription_id, retry, partition) DO UPDATE
           SET committed = excluded.committed, end_offset = excluded.end_offset, seen_at = excluded.seen_at,
               moved_at = CASE WHEN p.committed IS DISTINCT FROM excluded.committed THEN now() ELSE p.moved_at END,
               head_offset = excluded.head_offset,
               head_at = CASE WHEN ${HEAD_CHANGED} THEN excluded.head_at ELSE p.head_at END,
               attended_at = CASE WHEN ${HEAD_CHANGED} OR p.attended_at IS NULL OR excluded.attended_at IS NULL
                             THEN excluded.attended_at ELSE p.attended_at END,
               ${trail("trail_at")},
               ${trail("trail_offset")}`,
    values: [
      plainArray(positions.map((p) => p.subscriptionId)),
      plainArray(positions.map((p) => String(p.retry))),
      plainArray(positions.map((p) => p.partition)),
      plainArray(positions.map((p) => p.committed)),
      plainArray(positions.map((p) => p.endOffset)),
      plainArray(positions.map((p) => p.head)),
      plainArray(positions.map((p) => String(p.head !== null && p.attended))),
      askedAt,
    ],
  });
}
