import type { Queryable } from "../db.ts";

/** Which of the messages that wait for their producer: `overdue` are the PREPARED ones whose check time has passed. */
export type WaitingKind = "prepared" | "overdue" | "undecided";

/** The last row of the page before. */
export interface WaitingCursor {
  id: string;
  /** PREPARED: its check time as it was shown. */
  checkAt: Date | null;
}

export interface WaitingQuery {
  kind: WaitingKind;
  /** Null: of every app. */
  appId: number | null;
  after: WaitingCursor | null;
  limit: number;
  /** How long past its check time a message counts as overdue, ms. */
  graceMs: number;
}

/** A message that waits for its producer. */
export interface WaitingRow {
  id: string;
  app: string;
  appId: number;
  topic: string;
  state: "PREPARED" | "UNDECIDED";
  businessKey: string | null;
  key: string | null;
  type: string | null;
  storedAt: Date;
  /** PREPARED: when it is asked about next, or until when a check under way counts. */
  checkAt: Date | null;
  overdue: boolean;
  /** Check-backs sent, of those that count. */
  checks: number;
  /** UNDECIDED: since when, and why. */
  undecidedAt: Date | null;
  reason: string | null;
}

const ROW = `s.id, app.name AS app, s.app_id AS "appId", topic.name AS topic, s.state, m.business_key AS "businessKey", m.key,
  m.type, s.stored_at AS "storedAt", s.check_at AS "checkAt", s.checks,
  coalesce(s.check_at < now() - $2 * interval '1 ms', false) AS overdue, s.moved_at AS "undecidedAt", s.reason`;

const REST = `JOIN app ON app.id = s.app_id JOIN topic ON topic.id = s.topic_id JOIN message m ON m.id = s.id`;

/**
 * One page: PREPARED by check time, so that those overdue come first; UNDECIDED by age. A page of every app takes one probe of
 * the index per app, which leads with it, instead of sorting whatever is prepared.
 */
export async function listWaiting(db: Queryable, query: WaitingQuery): Promise<WaitingRow[]> {
  const { kind, appId, after, limit, graceMs } = query;
  if (kind === "undecided") {
    const { rows } = await db.query<WaitingRow>({
      name: "list-undecided",
      text: `WITH page AS MATERIALIZED (
               SELECT id FROM message_state
               WHERE state = 'UNDECIDED' AND ($1::int IS NULL OR app_id = $1) AND ($3::uuid IS NULL OR id > $3)
               ORDER BY id LIMIT $4)
             SELECT ${ROW} FROM page JOIN message_state s USING (id) ${REST} WHERE s.state = 'UNDECIDED' ORDER BY s.id`,
      values: [appId, graceMs, after?.id ?? null, limit],
    });
    return rows;
  }
  const { rows } = await db.query<WaitingRow>({
    name: "list-prepared",
    text: `WITH page AS MATERIALIZED (
             SELECT due.id FROM app CROSS JOIN LATERAL (
               SELECT p.id, p.check_at FROM message_state p
               WHERE p.state = 'PREPARED' AND p.app_id = app.id
                 AND p.check_at >= coalesce($3::timestamptz, '-infinity')
                 AND ($3::timestamptz IS NULL OR (p.check_at, p.id) > ($3, $4::uuid))
                 AND p.check_at < CASE WHEN $6 THEN now() - $2 * interval '1 ms' ELSE 'infinity' END
               ORDER BY p.check_at, p.id LIMIT $5) due
             WHERE $1::int IS NULL OR app.id = $1
             ORDER BY due.check_at, due.id LIMIT $5)
           SELECT ${ROW} FROM page JOIN message_state s USING (id) ${REST} WHERE s.state = 'PREPARED' ORDER BY s.check_at, s.id`,
    values: [appId, graceMs, after?.checkAt ?? null, after?.id ?? null, limit, kind === "overdue"],
  });
  return rows;
}
