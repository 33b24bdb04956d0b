import type { Queryable } from "../db.ts";
import type { MessageState } from "../domain/message-state.ts";
import { countFlow, enteredAt, leftUndecided } from "./message-flow.ts";
import { plainArray } from "./sql-array.ts";

export type Decider = "producer" | "check_back" | "operator";

/** A message named by an app; another app's message is as good as absent. */
export interface OwnedId {
  id: string;
  appId: number;
}

/**
 * `ready_seq` is drawn in the order of the array: the nested loop over unnest() that the pinned plan gives. Two confirms
 * of one key whose second call began after the first returned are ordered by that, because the first is committed.
 */
const CONFIRM = `
  WITH moved AS (
    UPDATE message_state s
    SET state = CASE WHEN s.deliver_at > now() THEN 'SCHEDULED' ELSE 'READY' END::message_state_kind,
        ready_seq = CASE WHEN s.deliver_at > now() THEN NULL ELSE nextval('message_ready_seq') END,
        decided_at = now(), decided_by = $3::decider, check_at = NULL, reason = NULL
    FROM unnest($1::uuid[], $2::int[]) AS asked(id, app_id)
    WHERE s.id = asked.id AND s.app_id = asked.app_id AND s.state IN ('PREPARED', 'UNDECIDED')
    RETURNING s.id, s.state, s.lane, s.app_id, s.topic_id, ${enteredAt("s")} AS entered_at, ${leftUndecided("s")}
  ), ${countFlow({ from: "moved", left: true })}, wake AS (
    SELECT pg_notify('surelay_ready', string_agg(DISTINCT lane::text, ','))
    FROM moved WHERE state = 'READY' HAVING count(*) > 0
  )
  SELECT moved.id, moved.state FROM moved LEFT JOIN wake ON true`;

/**
 * PREPARED or UNDECIDED → READY (SCHEDULED when deliverAt is in the future), and wakes the relay.
 *
 * @returns id → new state of those that moved. For the others ask `readStates`: settled before, decided otherwise, or unknown.
 */
export async function confirmMessages(
  db: Queryable,
  asked: readonly OwnedId[],
  by: Decider,
): Promise<Map<string, MessageState>> {
  const { rows } = await db.query<[string, MessageState]>({
    name: "confirm-messages",
    text: CONFIRM,
    values: [plainArray(asked.map((m) => m.id)), plainArray(asked.map((m) => m.appId)), by],
    rowMode: "array",
  });
  return new Map(rows);
}
