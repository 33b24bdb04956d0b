/** Operators' roles, weakest first. */
export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who may do what: the one table behind the server's checks and behind what the console offers. A permission that
 * names no role is nobody's; a procedure that names no permission cannot be written (see server/trpc/init.ts).
 */
export const PERMISSIONS = {
  /** See messages, their states, times, headers and the names around them. */
  "message.read": ["viewer", "operator", "admin"],
  /** See a payload, unless its topic is masked. */
  "payload.read": ["viewer", "operator", "admin"],
  /** See a payload and headers of a masked topic; each look is written to the audit log. */
  "payload.unmask": ["operator", "admin"],
  /** Confirm or cancel a prepared or undecided message in its producer's place. */
  "message.decide": ["operator", "admin"],
  /** Have a producer asked at once what became of its messages. */
  "message.ask": ["operator", "admin"],
  /** Send a message again that was sent or rejected. */
  "message.resend": ["operator", "admin"],
  /** Send a message with another payload than its producer's. */
  "message.edit": ["operator", "admin"],
  /** Have a delivery made anew that was given up, or made at once that is to be retried. */
  "delivery.redrive": ["operator", "admin"],
  /** Give a delivery up for good. */
  "delivery.discard": ["operator", "admin"],
  /** Write notes on groups of failures, and have them ignored. */
  "failure.note": ["operator", "admin"],
  /** See apps and topics, and the names of API keys. */
  "registry.read": ["viewer", "operator", "admin"],
  /** Declare and change apps. */
  "app.manage": ["admin"],
  /** Try an app's check URL, and have it asked again though it could not be reached. */
  "app.probe": ["operator", "admin"],
  /** See and replace an app's signing secret; each look is written to the audit log. */
  "app.secret": ["admin"],
  /** Make and revoke API keys. */
  "key.manage": ["admin"],
  /** Declare and change topics. */
  "topic.manage": ["admin"],
  /** Pause and resume a topic. */
  "topic.pause": ["operator", "admin"],
  /** Declare, change and remove subscriptions. */
  "subscription.manage": ["admin"],
  /** Pause and resume a subscription, let a throttled one go on, try its webhook. */
  "subscription.control": ["operator", "admin"],
  /** See and replace the secret of a webhook; each look is written to the audit log. */
  "subscription.secret": ["admin"],
  /** Declare, change and remove outbox sources. */
  "source.manage": ["admin"],
  /** Pause and resume an outbox source, try its connection, have refused rows tried again. */
  "source.pause": ["operator", "admin"],
  /** See processes and lanes. */
  "worker.read": ["viewer", "operator", "admin"],
  /** Quiet, resume and stop processes. */
  "worker.control": ["operator", "admin"],
  /** Pause and resume a lane. */
  "lane.pause": ["operator", "admin"],
  /** Read and export the audit log. */
  "audit.read": ["viewer", "operator", "admin"],
  /** See operators and their sessions; add, change, suspend them. */
  "operator.manage": ["admin"],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

/** Whether a role holds a permission. A role that is unknown or absent holds none. */
export function may(role: string | null | undefined, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly string[]).includes(role ?? "");
}

/** All that a role may do, for the interface to offer just that. */
export function permissionsOf(role: string | null | undefined): Permission[] {
  return (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => may(role, permission));
}
