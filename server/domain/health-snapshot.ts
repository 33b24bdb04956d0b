/** What health is judged from, and what the judgement says. Shapes alone. */

/** Kinds of process that an installation cannot do without. `recover` is one: any producer may schedule a message. */
export const NEEDED_KINDS = ["api", "relay", "confirm", "recover", "sweep"] as const;
/**
 * Kinds that are needed as soon as somebody has subscribed in a mode that they serve. Explicit acknowledgements need `ack`
 * for those that come by Kafka, and to know of every deadline whether its record was read at all.
 */
export const CONSUMER_KINDS = { ack: ["offset", "explicit"], notify: ["webhook"] } as const;
export type NeededKind = (typeof NEEDED_KINDS)[number] | keyof typeof CONSUMER_KINDS;

/** Missed heartbeats after which a process is late, and presumed dead. */
export const LATE_BEATS = 2;
export const DEAD_BEATS = 6;

/** How long something may take before it counts as a problem, ms. */
export const HEALTH_LIMITS = {
  /** READY and not in the broker. A lane that changes its owner takes up to a lease of 12 s. */
  readyMs: 30_000,
  /** READY for so long: nothing moves there any more. */
  readyStoppedMs: 120_000,
  /** Past its check time. The producer's own confirm is often just then under way. */
  preparedGraceMs: 30_000,
  /** Past its delivery time. */
  scheduledGraceMs: 5_000,
  /** A lane without an owner: a relay that starts takes it within moments. */
  laneFreeMs: 15_000,
  /** The service's clocks apart. */
  clockMs: 2_000,
  /** A consumer group before a record that it does not pass; twice the time for an acknowledgement, if that is longer. */
  standstillMs: 120_000,
  /** How long a process that fell silent is worth a note when others of its kind go on. */
  silentNoteMs: 15 * 60_000,
} as const;

export interface HealthSnapshot {
  /** The database's clock: all ages are by it. */
  at: Date;
  /** This process's clock minus the database's, ms. */
  clockSkewMs: number;
  workers: readonly {
    kind: string;
    name: string;
    /** Since the last heartbeat, ms. */
    silentMs: number;
    /** How often it reports, ms. */
    heartbeatMs: number;
    startedAt: Date;
    stoppedAt: Date | null;
    /** An operator keeps it from taking work. */
    quiet: boolean;
  }[];
  lanes: readonly {
    lane: number;
    owner: string | null;
    expiresInMs: number | null;
    fault: { detail: string; since: Date } | null;
    paused: { by: string; since: Date; reason: string | null } | null;
    oldestReadyAt: Date | null;
    /** Messages waiting in it, counted up to a cap. */
    waiting: number;
  }[];
  topics: readonly {
    name: string;
    fault: { code: string; detail: string | null; since: Date } | null;
    paused: { by: string; since: Date; reason: string | null } | null;
    /** READY messages of the topic, exact. */
    ready: number;
  }[];
  overduePrepared: readonly { app: string; count: number; dueAt: Date }[];
  /** Apps that cannot be reached for check-backs. */
  unreachable: readonly { app: string; since: Date; lastError: string | null }[];
  /** Declared outbox sources. */
  sources: readonly {
    name: string;
    fault: { code: string; detail: string | null; since: Date } | null;
    paused: { by: string; since: Date; reason: string | null } | null;
    /** A collector holds it. */
    owned: boolean;
    declaredAt: Date;
    /** Rows that cannot become messages as they are. */
    refused: number;
  }[];
  /** Declared subscriptions. */
  subscriptions: readonly {
    topic: string;
    name: string;
    ack: string;
    paused: { by: string; since: Date; reason: string | null } | null;
    /** One of its own topics, for redelivery or dead letters, cannot be written. */
    fault: { topic: string; code: string; since: Date } | null;
    /** Its webhook is not called any more. */
    disabled: { since: Date; reason: string | null } | null;
    /** So much fails that its redeliveries are held back. */
    throttled: { since: Date; lastError: string | null } | null;
    /** Its consumer group has something to read and does not go on. */
    standstill: {
      group: string;
      since: Date;
      /** Somebody is there. */
      attended: boolean;
      /** What it has not passed. */
      records: number;
      ackTimeoutMs: number;
    } | null;
    /** Deliveries that wait for their next attempt, exact. */
    waiting: number;
    /** Deliveries that were given up; null: none. */
    dead: { count: number; since: Date } | null;
  }[];
  overdueScheduled: readonly { count: number; dueAt: Date }[];
  /** UNDECIDED and REJECTED, exact. */
  stuck: readonly {
    state: "UNDECIDED" | "REJECTED";
    app: string;
    topic: string;
    count: number;
    since: Date;
  }[];
  /** A count that reaches it is "at least". */
  cap: number;
}

/** `stopped`: messages do not move. `waiting`: somebody must act on some. `notice`: so on purpose, or healing. */
export type Severity = "stopped" | "waiting" | "notice";

/** Who can do something about it. */
export type Turn = "producer" | "consumer" | "broker" | "platform" | "operator";

interface Common {
  severity: Severity;
  turn: Turn;
  /** Null: nobody can tell since when. */
  since: Date | null;
  /** Messages concerned; null: not a matter of messages. */
  count: number | null;
  /** There are at least `count`. */
  atLeast: boolean;
}

export type Problem = Common &
  (
    | { kind: "nobody_runs"; worker: NeededKind }
    | { kind: "worker_silent"; worker: string; name: string }
    | { kind: "lanes_quiet_owner"; owner: string; lanes: number[] }
    | { kind: "lanes_free"; lanes: number[] }
    | { kind: "lane_fault"; lanes: number[]; owner: string | null; detail: string }
    | { kind: "lane_paused"; lanes: number[]; by: string; reason: string | null }
    | { kind: "ready_late"; owner: string; lanes: number[] }
    | { kind: "topic_fault"; topic: string; code: string; detail: string | null }
    | { kind: "topic_paused"; topic: string; by: string; reason: string | null }
    | { kind: "prepared_overdue"; app: string }
    | { kind: "app_unreachable"; app: string; lastError: string | null }
    | { kind: "source_fault"; source: string; code: string; detail: string | null }
    | { kind: "source_unowned"; source: string }
    | { kind: "source_paused"; source: string; by: string; reason: string | null }
    | { kind: "source_refused"; source: string }
    | { kind: "subscription_fault"; topic: string; subscription: string; ownTopic: string; code: string }
    | { kind: "subscription_disabled"; topic: string; subscription: string; reason: string | null }
    | { kind: "subscription_throttled"; topic: string; subscription: string; lastError: string | null }
    | { kind: "subscription_paused"; topic: string; subscription: string; by: string; reason: string | null }
    | { kind: "group_stands"; topic: string; subscription: string; group: string; attended: boolean }
    | { kind: "dead_letters"; topic: string; subscription: string }
    | { kind: "scheduled_overdue" }
    | { kind: "undecided"; app: string }
    | { kind: "rejected"; app: string; topic: string }
    | { kind: "clock_apart"; ms: number }
  );
