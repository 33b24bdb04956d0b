import type { Queryable } from "../db.ts";
import type { AskableState } from "../domain/askable-states.ts";
import { DUE_NOW } from "./due-now.ts";
import { countFlow, enteredAt } from "./message-flow.ts";
import { plainArray } from "./sql-array.ts";

const ASK_AGAIN = `
  WITH locked AS MATERIALIZED (
    SELECT r.id, r.state AS left_state, ${enteredAt("r")} AS left_at
    FROM message_state r WHERE r.id = ANY($1::uuid[]) AND r.state = 'UNDECIDED' ORDER BY r.id FOR UPDATE
  ), moved AS (
    UPDATE message_state s
    SET state = 'PREPARED', check_at = ${DUE_NOW}, checks = 0, reason = NULL, moved_at = NULL
    FROM locked WHERE s.id = locked.id
    RETURNING s.id, s.state, s.app_id, s.topic_id, ${enteredAt("s")} AS entered_at, locked.left_state, locked.left_at
  ), ${countFlow({ from: "moved", left: true })}, wake AS (
    SELECT pg_notify('surelay_check', '') FROM moved HAVING count(*) > 0
  )
  SELECT moved.id FROM moved LEFT JOIN wake ON true`;

/** UNDECIDED → PREPARED, due at once, its checks counted anew; wakes the check-backs. @returns ids of those that moved */
export async function askAgain(db: Queryable, ids: readonly string[]): Promise<Set<string>> {
  return idsOf(db, "ask-again", ASK_AGAIN, ids);
}

const ASK_NOW = `
  WITH hurried AS (
    UPDATE message_state s SET check_at = ${DUE_NOW}
    WHERE s.id = ANY($1::uuid[]) AND s.state = 'PREPARED' AND s.check_at > now()
    RETURNING s.id
  ), wake AS (
    SELECT pg_notify('surelay_check', '') FROM hurried HAVING count(*) > 0
  )
  SELECT hurried.id FROM hurried LEFT JOIN wake ON true`;

/**
 * Makes the next check of PREPARED messages due at once; none is added to their count. One that is being asked about just
 * now is asked once more: the answer under way comes too late, and is kept as such.
 *
 * @returns ids of those that were not due yet
 */
export async function askNow(db: Queryable, ids: readonly string[]): Promise<Set<string>> {
  return idsOf(db, "ask-now", ASK_NOW, ids);
}

/**
 * The oldest messages of an app, a topic, both, or of all, that wait for their producer in one state.
 *
 * @param limit most ids
 */
export async function findAskable(
  db: Queryable,
  filter: { appId: number | null; topicId: number | null; state: AskableState; after: string | null },
  limit: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM message_state
     WHERE state = '${filter.state}'
       AND ($1::int IS NULL OR app_id = $1) AND ($2::int IS NULL OR topic_id = $2) AND ($3::uuid IS NULL OR id > $3)
     ORDER BY id LIMIT $4`,
    [filter.appId, filter.topicId, filter.after, limit],
  );
  return rows.map((row) => row.id);
}

async function idsOf(
  db: Queryable,
  name: string,
  text: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const { rows } = await db.query<[string]>({ name, text, values: [plainArray(ids)], rowMode: "array" });
  return new Set(rows.map((row) => row[0]));
}
