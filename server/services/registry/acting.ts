import type { AuditEntry } from "../../store/audit.ts";
import { type AuditOrigin, auditActor } from "../console/audit-origin.ts";

/** Who does something in the console, from where and why. */
export interface Acting {
  actor: { id: string; username: string };
  from: AuditOrigin;
  /** The operator's own words. */
  reason?: string | undefined;
}

/** An entry for the audit log in the operator's name. */
export function entryOf(
  { actor, from, reason }: Acting,
  what: Pick<AuditEntry, "action" | "targetKind" | "targetId" | "before" | "after">,
): AuditEntry {
  return { ...auditActor(actor, from), ...what, reason };
}
