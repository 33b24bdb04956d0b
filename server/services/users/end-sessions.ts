import { type Pool, inTransaction } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { type AuditBy, appendAudit } from "../../store/audit.ts";
import { deleteSession, deleteSessions } from "../../store/sessions.ts";

/** Ends one session of an operator; it counts with that browser's next request. @throws SurelayError `not_found` */
export async function endSession(
  db: Pool,
  input: { userId: string; sessionId: string; by: AuditBy; reason?: string },
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const ended = await deleteSession(tx, input.userId, input.sessionId);
    if (ended === null) throw new SurelayError("not_found", "This session has ended already.");
    await appendAudit(tx, {
      ...input.by,
      action: "session.end",
      targetKind: "user",
      targetId: input.userId,
      before: { sessions: 1, ...ended },
      reason: input.reason,
    });
  });
}

/** Ends an operator's sessions, all or all but one. @returns how many ended; none is no fault */
export async function endSessions(
  db: Pool,
  input: { userId: string; except: string | null; by: AuditBy; reason?: string },
): Promise<{ ended: number }> {
  return inTransaction(db, async (tx) => {
    const ended = await deleteSessions(tx, input.userId, input.except);
    if (ended > 0)
      await appendAudit(tx, {
        ...input.by,
        action: "session.end",
        targetKind: "user",
        targetId: input.userId,
        before: { sessions: ended },
        reason: input.reason,
      });
    return { ended };
  });
}
