import type { Queryable } from "../db.ts";
import type { Decider, OwnedId } from "./confirm-messages.ts";
import { countFlow, leftUndecided } from "./message-flow.ts";
import { plainArray } from "./sql-array.ts";

const CANCEL = `
  WITH moved AS (
    UPDATE message_state s
    SET state = 'CANCELLED', decided_at = now(), decided_by = $3::decider, check_at = NULL, reason = NULL
    FROM unnest($1::uuid[], $2::int[]) AS asked(id, app_id)
    WHERE s.id = asked.id AND s.app_id = asked.app_id AND s.state IN ('PREPARED', 'UNDECIDED')
    RETURNING s.id, s.state, s.app_id, s.topic_id, s.decided_at AS entered_at, ${leftUndecided("s")}
  ), ${countFlow({ from: "moved", left: true })}
  SELECT id FROM moved`;

/** PREPARED or UNDECIDED → CANCELLED. @returns ids of those that moved; for the others ask `readStates`. */
export async function cancelMessages(
  db: Queryable,
  asked: readonly OwnedId[],
  by: Decider,
): Promise<Set<string>> {
  const { rows } = await db.query<[string]>({
    name: "cancel-messages",
    text: CANCEL,
    values: [plainArray(asked.map((m) => m.id)), plainArray(asked.map((m) => m.appId)), by],
    rowMode: "array",
  });
  return new Set(rows.map((row) => row[0]));
}
