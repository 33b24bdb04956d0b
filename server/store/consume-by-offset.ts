import type { Queryable } from "../db.ts";
import { countFlow } from "./message-flow.ts";
import { plainArray } from "./sql-array.ts";

/** What waits for committed offsets alone: the predicate of message_state_offset_idx. */
const WAITS = "state = 'SENT' AND by_offset AND open_deliveries = 0";

/**
 * SENT → CONSUMED of what `due` names, with the counters. Rows are locked as they are found, and what somebody else holds is
 * left for the next pass: this statement waits for nobody, so it stands in no circle.
 */
const consume = (due: string): string => `
  WITH due AS MATERIALIZED (${due}), moved AS (
    UPDATE message_state s SET state = 'CONSUMED' FROM due WHERE s.id = due.id
    RETURNING s.app_id, s.topic_id, s.state, now() AS entered_at
  ), ${countFlow({ from: "moved", left: "uncounted" })}
  SELECT count(*)::int AS moved FROM moved`;

const BELOW = consume(`
  SELECT r.id FROM unnest($2::int[], $3::bigint[]) AS p(partition, below)
  CROSS JOIN LATERAL (
    SELECT id FROM message_state
    WHERE topic_id = $1 AND broker_partition = p.partition AND broker_offset < p.below AND ${WAITS}
    LIMIT $4 FOR UPDATE SKIP LOCKED) r`);

export interface PartitionOffset {
  partition: number;
  /** Offset that all groups have committed: messages below it are done with. */
  below: bigint;
}

/**
 * Settles messages that the committed offsets of all groups have passed. Idempotent, and without a memory of its own: a
 * message that is marked SENT after its offset was passed is found by the next pass.
 *
 * @returns how many; `limit` each partition at most, so as many as that: there may be more
 */
export function consumeBelow(
  db: Queryable,
  topicId: number,
  offsets: readonly PartitionOffset[],
  limit: number,
): Promise<number> {
  return run(db, "consume-below", BELOW, [
    topicId,
    plainArray(offsets.map(({ partition }) => partition)),
    plainArray(offsets.map(({ below }) => below)),
    limit,
  ]);
}

const UNPLACED = consume(`
  SELECT id FROM message_state
  WHERE topic_id = $1 AND broker_partition = $2 AND broker_offset IS NULL AND ${WAITS} AND sent_at <= $3
  LIMIT $4 FOR UPDATE SKIP LOCKED`);

/**
 * Settles messages whose offsets nobody knows, because a takeover found them committed. For a caller that has seen every
 * group commit an end offset which was read after `sentUntil`: they stand below that.
 */
export function consumeUnplaced(
  db: Queryable,
  of: { topicId: number; partition: number; sentUntil: Date; limit: number },
): Promise<number> {
  return run(db, "consume-unplaced", UNPLACED, [of.topicId, of.partition, of.sentUntil, of.limit]);
}

/** Partitions that have messages whose offsets nobody knows and that wait for committed offsets. */
export async function unplacedPartitions(
  db: Queryable,
  topicId: number,
  partitions: readonly number[],
): Promise<number[]> {
  const { rows } = await db.query<[number]>({
    name: "unplaced-partitions",
    text: `SELECT p.partition FROM unnest($2::int[]) AS p(partition) WHERE EXISTS (
             SELECT FROM message_state
             WHERE topic_id = $1 AND broker_partition = p.partition AND broker_offset IS NULL AND ${WAITS} OFFSET 0)`,
    values: [topicId, plainArray(partitions)],
    rowMode: "array",
  });
  return rows.map((row) => row[0]);
}

const FORSAKEN = consume(`
  SELECT id FROM message_state WHERE topic_id = $1 AND ${WAITS} LIMIT $2 FOR UPDATE SKIP LOCKED`);

/** Settles messages of a topic whose `offset` subscriptions were all removed: nobody's offsets are waited for any longer. */
export function consumeForsaken(db: Queryable, topicId: number, limit: number): Promise<number> {
  return run(db, "consume-forsaken", FORSAKEN, [topicId, limit]);
}

/** Topics that had `offset` subscriptions and have none any longer. */
export async function forsakenTopics(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ topicId: number }>(
    `SELECT topic_id AS "topicId" FROM subscription WHERE ack = 'offset'
     GROUP BY topic_id HAVING bool_and(removed_at IS NOT NULL)`,
  );
  return rows.map(({ topicId }) => topicId);
}

async function run(db: Queryable, name: string, text: string, values: unknown[]): Promise<number> {
  const { rows } = await db.query<{ moved: number }>({ name, text, values });
  return rows[0]!.moved;
}
