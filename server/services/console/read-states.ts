import type { Queryable } from "../../db.ts";
import type { MessageState } from "../../domain/message-state.ts";
import { readStates } from "../../store/find-messages.ts";

/** Where messages that a page shows are by now; one that is gone is absent. */
export function readStatesForOperator(
  db: Queryable,
  messages: readonly { id: string; appId: number }[],
): Promise<Map<string, MessageState>> {
  return readStates(db, messages);
}
