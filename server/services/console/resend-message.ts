import type { Operator } from "../../auth/read-operator.ts";
import { type Pool, type PoolClient, inTransaction } from "../../db.ts";
import type { MessageState } from "../../domain/message-state.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { appendMessageEvent } from "../../store/message-events.ts";
import { resendRejected } from "../../store/resend-rejected.ts";
import { queueResend } from "../../store/resend.ts";
import { type AuditOrigin, auditActor } from "./audit-origin.ts";

export interface ResendRequest {
  id: string;
  reason: string;
  actor: Pick<Operator, "id" | "username">;
  from: AuditOrigin;
}

export type ResendResult =
  /** `attempt`: what the record's `surelay-attempt` will say. */
  | { kind: "queued"; from: MessageState; attempt: number }
  /** One that was asked for before is still to be sent. Nothing was changed. */
  | { kind: "already_queued" }
  /** It is neither sent nor rejected by now. Nothing was changed. */
  | { kind: "wrong_state"; state: MessageState };

/**
 * Sends a message again: a REJECTED one becomes READY, one that is in the broker is queued as a further attempt. Event and
 * audit entry stand or fall with it.
 *
 * @throws SurelayError `not_found`
 */
export function resendMessage(db: Pool, request: ResendRequest): Promise<ResendResult> {
  return inTransaction(db, (tx) => resendWithin(tx, request));
}

/** The same, as a part of the caller's transaction. @throws SurelayError `not_found` */
export async function resendWithin(tx: PoolClient, request: ResendRequest): Promise<ResendResult> {
  const { id, reason, actor } = request;
  const result = await queue(tx, request);
  if (result.kind !== "queued") return result;
  const { from, attempt } = result;
  await appendMessageEvent(tx, {
    messageId: id,
    kind: "resend_asked",
    actor: actor.username,
    detail: { reason, from, attempt },
  });
  await appendAudit(tx, {
    ...auditActor(actor, request.from),
    action: "message.resend",
    targetKind: "message",
    targetId: id,
    before: { state: from },
    after: { state: from === "REJECTED" ? "READY" : from, attempt },
    reason,
  });
  return result;
}

async function queue(tx: PoolClient, { id, reason, actor }: ResendRequest): Promise<ResendResult> {
  const rejected = await resendRejected(tx, id);
  if (rejected !== null) return { kind: "queued", from: "REJECTED", attempt: rejected };
  const queued = await queueResend(tx, { messageId: id, askedBy: actor.username, reason });
  if (queued.outcome === "not_found")
    throw new SurelayError("not_found", "There is no such message.", { messageId: id });
  if (queued.outcome === "wrong_state") return { kind: "wrong_state", state: queued.state };
  if (queued.outcome === "already_queued") return { kind: "already_queued" };
  return { kind: "queued", from: queued.state, attempt: queued.attempt };
}
