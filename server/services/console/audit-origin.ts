/** Where an operator's request came from, as the audit log keeps it. */
export interface AuditOrigin {
  /** The browser's address; absent when nothing trustworthy names one. */
  ip: string | undefined;
  userAgent: string | undefined;
}

/** Who did it and from where: the part of an audit entry that is alike for all actions of one request. */
export interface AuditActor {
  actorId: string;
  actorName: string;
  ip: string | undefined;
  userAgent: string | undefined;
}

/** The actor's part of an audit entry: `appendAudit(tx, { ...auditActor(operator, origin), action, … })`. */
export function auditActor(operator: { id: string; username: string }, origin: AuditOrigin): AuditActor {
  return {
    actorId: operator.id,
    actorName: operator.username,
    ip: origin.ip,
    userAgent: origin.userAgent,
  };
}
