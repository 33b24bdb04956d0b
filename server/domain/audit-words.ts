/**
 * Every action that this version writes into the audit log, `<target>.<verb>`. An older or later version's log may hold
 * others: whoever reads must cope.
 */
export const AUDIT_ACTIONS = [
  "message.unmask",
  "message.confirm",
  "message.cancel",
  "message.resend",
  "payload.search",
  "app.create",
  "app.change",
  "api_key.create",
  "api_key.revoke",
  "topic.create",
  "topic.change",
  "topic.pause",
  "topic.resume",
  "broker_topic.create",
  "broker_topic.change",
  "worker.run",
  "worker.quiet",
  "worker.stop",
  "lane.pause",
  "lane.resume",
  "outbox_source.create",
  "outbox_source.change",
  "outbox_source.remove",
  "outbox_source.pause",
  "outbox_source.resume",
  "outbox_source.retry_rows",
  "outbox_source.discard_rows",
  "user.create",
  "user.remove",
  "user.change_role",
  "user.suspend",
  "user.lift",
  "user.reset_password",
  "user.change_password",
  "user.link",
  "session.create",
  "session.refuse",
  "session.end",
  "audit.export",
] as const;

/** What actions are done to. */
export const AUDIT_TARGET_KINDS = [
  "message",
  "app",
  "api_key",
  "topic",
  "broker_topic",
  "worker",
  "lane",
  "outbox_source",
  "user",
  "audit",
  "search",
] as const;

/** Why somebody was not let in: `why` of a `session.refuse`. */
export const REFUSED_WHY = [
  "wrong_password",
  "suspended",
  "throttled_by_name",
  "throttled_by_address",
  "throttled_by_total",
  "not_invited",
  "name_taken",
  "no_name",
] as const;
