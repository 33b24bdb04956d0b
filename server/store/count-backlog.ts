import type { Queryable } from "../db.ts";
import type { MessageState } from "../domain/message-state.ts";

/**
 * What waits, told apart as operators look for it: each is found by a partial index of its own, which is as small as the
 * backlog. SENT, CONSUMED and CANCELLED have none, so they cannot be counted at a price that a page may pay.
 */
export const BACKLOG_KINDS = {
  PREPARED: "s.state = 'PREPARED'",
  READY: "s.state = 'READY' AND s.held_at IS NULL",
  HELD: "s.state = 'READY' AND s.held_at IS NOT NULL",
  SCHEDULED: "s.state = 'SCHEDULED'",
  UNDECIDED: "s.state = 'UNDECIDED'",
  REJECTED: "s.state = 'REJECTED'",
} as const satisfies Partial<Record<MessageState | "HELD", string>>;

export type BacklogKind = keyof typeof BACKLOG_KINDS;

export interface BacklogScope {
  appId: number | null;
  topicId?: number;
  /** Only ids of this moment or later. */
  from?: Date;
  /** Only ids of before this moment. */
  to?: Date;
}

export interface BacklogCount {
  /** Of those that were looked at. */
  count: number;
  /** There are more than were looked at, so `count` is the least that there are. */
  capped: boolean;
}

/** How many messages wait, of each kind. @param cap most rows looked at for one kind */
export async function countBacklog(
  db: Queryable,
  scope: BacklogScope,
  cap: number,
): Promise<Record<BacklogKind, BacklogCount>> {
  const counts = Object.entries(BACKLOG_KINDS).map(
    ([kind, condition]) => `
      SELECT '${kind}' AS kind, count(*)::int AS looked,
             (count(*) FILTER (WHERE ($2::int IS NULL OR w.app_id = $2) AND ($3::int IS NULL OR w.topic_id = $3)
               AND ($4::timestamptz IS NULL OR w.id >= surelay_uuid_floor($4))
               AND ($5::timestamptz IS NULL OR w.id < surelay_uuid_floor($5))))::int AS count
      FROM (SELECT s.id, s.app_id, s.topic_id FROM message_state s WHERE ${condition} LIMIT $1) w`,
  );
  const { rows } = await db.query<{ kind: BacklogKind; looked: number; count: number }>({
    name: "count-backlog",
    text: counts.join(" UNION ALL "),
    values: [cap + 1, scope.appId, scope.topicId ?? null, scope.from ?? null, scope.to ?? null],
  });
  return Object.fromEntries(
    rows.map(({ kind, looked, count }) => [kind, { count: Math.min(count, cap), capped: looked > cap }]),
  ) as Record<BacklogKind, BacklogCount>;
}
