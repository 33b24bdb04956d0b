import type { Operator } from "../../auth/read-operator.ts";
import { type Pool, type PoolClient, inTransaction } from "../../db.ts";
import type { MessageState } from "../../domain/message-state.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { cancelMessages } from "../../store/cancel-messages.ts";
import { type Decider, confirmMessages } from "../../store/confirm-messages.ts";
import { type MessageRow, readMessage } from "../../store/find-messages.ts";
import { appendMessageEvent } from "../../store/message-events.ts";
import { type AuditOrigin, auditActor } from "./audit-origin.ts";

export type Verdict = "confirm" | "cancel";

export interface ForcedDecision {
  id: string;
  verdict: Verdict;
  reason: string;
  actor: Operator;
  from: AuditOrigin;
}

export type DecideResult =
  | { kind: "moved"; state: MessageState }
  /** Somebody decided before: who and how. Nothing was changed, nothing recorded. */
  | { kind: "lost"; state: MessageState; decidedBy: Decider | null; decidedAt: Date | null };

/**
 * Confirms or cancels a PREPARED or UNDECIDED message in its producer's place. The guarded statement of the producers'
 * own calls decides a race; event and audit entry stand or fall with it.
 *
 * @throws SurelayError `not_found`
 */
export function decideMessage(db: Pool, decision: ForcedDecision): Promise<DecideResult> {
  return inTransaction(db, async (tx) => {
    const before = await find(tx, decision.id);
    const state = await move(tx, before, decision.verdict);
    if (state === undefined) {
      const { state, decidedBy, decidedAt } = await find(tx, decision.id);
      return { kind: "lost", state, decidedBy, decidedAt };
    }
    const { reason, actor, verdict } = decision;
    await appendMessageEvent(tx, {
      messageId: before.id,
      kind: `forced_${verdict}`,
      actor: actor.username,
      detail: { reason, from: before.state, to: state },
    });
    await appendAudit(tx, {
      ...auditActor(actor, decision.from),
      action: `message.${verdict}`,
      targetKind: "message",
      targetId: before.id,
      before: { state: before.state },
      after: { state },
      reason,
    });
    return { kind: "moved", state };
  });
}

async function move(
  tx: PoolClient,
  message: MessageRow,
  verdict: Verdict,
): Promise<MessageState | undefined> {
  const asked = [{ id: message.id, appId: message.appId }];
  if (verdict === "confirm") return (await confirmMessages(tx, asked, "operator")).get(message.id);
  return (await cancelMessages(tx, asked, "operator")).has(message.id) ? "CANCELLED" : undefined;
}

async function find(tx: PoolClient, id: string): Promise<MessageRow> {
  const row = await readMessage(tx, id, null);
  if (row === null) throw new SurelayError("not_found", "There is no such message.", { messageId: id });
  return row;
}
