import type { Queryable } from "../db.ts";
import type { CheckError, CheckOutcome } from "../domain/decide-check.ts";
import { plainArray } from "./sql-array.ts";

/** What a check-back did: `too_late` changed nothing, because the message was decided or somebody else's by then. */
export type CheckEffect = "confirmed" | "cancelled" | "asks_again" | "gave_up" | "too_late";

/** A check-back that was sent. */
export interface CheckBackRow {
  /** When it was sent. */
  at: Date;
  durationMs: number;
  /** From 1; asking again from UNDECIDED begins anew. */
  attempt: number;
  url: string;
  /** Null: no answer. */
  status: number | null;
  body: string | null;
  bodyCut: boolean;
  outcome: CheckOutcome;
  effect: CheckEffect;
  /** With `failed` only. */
  error: CheckError | null;
  detail: string | null;
}

const ROW = `at, duration_ms AS "durationMs", attempt, url, status, body, body_cut AS "bodyCut", outcome, effect, error, detail`;

/** Check-backs of messages, oldest first; of more than `limitEach` the newest. Messages never asked about are absent. */
export async function readCheckBacks(
  db: Queryable,
  ids: readonly string[],
  limitEach: number,
): Promise<Map<string, CheckBackRow[]>> {
  const { rows } = await db.query<CheckBackRow & { id: string }>({
    name: "read-check-backs",
    text: `SELECT asked.id, last.* FROM unnest($1::uuid[]) AS asked(id) CROSS JOIN LATERAL (
             SELECT ${ROW} FROM check_back WHERE message_id = asked.id ORDER BY n DESC LIMIT $2) last`,
    values: [plainArray(ids), limitEach],
  });
  const found = new Map<string, CheckBackRow[]>();
  for (const { id, ...row } of rows.toReversed()) found.set(id, [...(found.get(id) ?? []), row]);
  return found;
}
