import type { Queryable } from "../db.ts";

/** Wakes every relay's look at lanes and topics: a pause or its end holds within moments rather than at the next look. */
const WAKE = "SELECT pg_notify('surelay_ready', 'control')";

export interface Pause {
  by: string;
  reason: string | null;
}

/** `changed` false: it was so before, and nothing was written. */
export interface PauseChange {
  changed: boolean;
  /** Who had paused it before, null: it ran. */
  before: Pause | null;
}

/**
 * Keeps a lane's owner from sending. What is in hand is finished; the lease stays.
 *
 * @returns null: there is no such lane
 */
export function pauseLane(db: Queryable, lane: number, pause: Pause): Promise<PauseChange | null> {
  return change(db, "lane", "lane", lane, pause);
}

/** Lets a lane's owner go on where it stopped. */
export function resumeLane(db: Queryable, lane: number): Promise<PauseChange | null> {
  return change(db, "lane", "lane", lane, null);
}

/**
 * Parks a topic's READY messages and resends, in order, while other topics pass. Intake goes on.
 *
 * @returns null: there is no such topic
 */
export function pauseTopic(db: Queryable, topicId: number, pause: Pause): Promise<PauseChange | null> {
  return change(db, "topic", "id", topicId, pause);
}

/** Puts back what was parked, oldest first, before anything newer of the topic. */
export function resumeTopic(db: Queryable, topicId: number): Promise<PauseChange | null> {
  return change(db, "topic", "id", topicId, null);
}

/**
 * Topics that nothing is to be written to now: a handful, of hundreds. What is paused holds its redeliveries, too, so the
 * retry topics of a paused topic and of a paused subscription are among them.
 */
export async function pausedTopics(db: Queryable): Promise<Set<number>> {
  const { rows } = await db.query<{ id: number }>({
    name: "paused-topics",
    text: `SELECT id FROM topic WHERE paused_at IS NOT NULL
           UNION SELECT x.retry_topic_id FROM subscription x JOIN topic t ON t.id = x.topic_id
                 WHERE x.retry_topic_id IS NOT NULL AND x.removed_at IS NULL AND (x.paused_at IS NOT NULL OR t.paused_at IS NOT NULL)`,
  });
  return new Set(rows.map((row) => row.id));
}

async function change(
  db: Queryable,
  table: "lane" | "topic",
  key: "lane" | "id",
  id: number,
  pause: Pause | null,
): Promise<PauseChange | null> {
  const { rows } = await db.query<{ by: string | null; reason: string | null; changed: boolean }>(
    `WITH before AS (
       SELECT ${key} AS id, paused_by AS by, pause_reason AS reason FROM ${table} WHERE ${key} = $1 FOR UPDATE
     ), moved AS (
       UPDATE ${table} t
       SET paused_at = CASE WHEN $2::text IS NULL THEN NULL ELSE now() END, paused_by = $2, pause_reason = $3
       FROM before WHERE t.${key} = before.id AND (before.by IS NULL) = ($2::text IS NOT NULL)
       RETURNING 1
     ), wake AS (${WAKE} FROM moved)
     SELECT before.by, before.reason, EXISTS (SELECT FROM moved) AS changed FROM before LEFT JOIN wake ON true`,
    [id, pause?.by ?? null, pause?.reason ?? null],
  );
  const row = rows[0];
  if (!row) return null;
  return { changed: row.changed, before: row.by === null ? null : { by: row.by, reason: row.reason } };
}
