import type { CheckBackRequest } from "../../../sdk/contract/check-back.ts";
import type { Queryable } from "../../db.ts";
import { type CheckPolicy, checkPolicyOf } from "../../domain/check-policy.ts";
import type { MessageState } from "../../domain/message-state.ts";
import { SurelayError } from "../../errors.ts";
import { findApp } from "../../store/apps.ts";
import { type CheckBackRow, readCheckBacks } from "../../store/check-backs.ts";
import { readMessage } from "../../store/find-messages.ts";
import { buildCheckRequest } from "./build-request.ts";

/** Of very many the newest: asking again begins anew, so there is no end to them. */
const MOST = 200;

export interface CheckBackDetail extends CheckBackRow {
  /** The very body that was sent. */
  request: CheckBackRequest;
}

export interface MessageCheckBacks {
  id: string;
  app: string;
  state: MessageState;
  /** Null: the app declares none, so nobody is asked. */
  checkUrl: string | null;
  policy: CheckPolicy;
  /** Sent, of those that count; asking again begins anew. */
  checks: number;
  /** PREPARED: when it is asked about next. */
  nextAt: Date | null;
  /** Oldest first. */
  items: CheckBackDetail[];
}

/**
 * Everything a producer was asked about a message, and what it answered.
 *
 * @param afterSeconds SURELAY_CHECK_AFTER_SECONDS
 * @throws SurelayError `not_found`
 */
export async function readMessageCheckBacks(
  db: Queryable,
  id: string,
  afterSeconds: number,
): Promise<MessageCheckBacks> {
  const message = await readMessage(db, id, null);
  if (!message) throw new SurelayError("not_found", "There is no message with this id.", { messageId: id });
  const [app, rows] = await Promise.all([findApp(db, message.app), readCheckBacks(db, [id], MOST)]);
  if (!app) throw new SurelayError("not_found", `There is no app ${JSON.stringify(message.app)}.`);
  return {
    id,
    app: app.name,
    state: message.state,
    checkUrl: app.checkUrl,
    policy: checkPolicyOf(app.check, app.checkAfterSeconds ?? afterSeconds),
    checks: message.checks,
    nextAt: message.checkAt,
    items: (rows.get(id) ?? []).map((row) => ({ ...row, request: buildCheckRequest(message, row.attempt) })),
  };
}

/** The last check-back of each message of a list; messages that were never asked about are absent. */
export async function readLastCheckBacks(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, CheckBackRow>> {
  const rows = await readCheckBacks(db, ids, 1);
  return new Map([...rows].map(([id, last]) => [id, last[0]!]));
}
