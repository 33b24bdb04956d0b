/** What a local message table in a business database may be declared as. Pure; the console's forms ask here too. */

export const OUTBOX_KINDS = ["postgresql", "mysql"] as const;
export type OutboxKind = (typeof OUTBOX_KINDS)[number];

/** `surelay`: the table of sdk/producer/outbox. `debezium`: the columns that Debezium's outbox event router documents. */
export const OUTBOX_LAYOUTS = ["surelay", "debezium"] as const;
export type OutboxLayout = (typeof OUTBOX_LAYOUTS)[number];

/** A source as somebody declares it. */
export interface OutboxSourceSpec {
  name: string;
  /** Whose messages its rows become. */
  app: string;
  kind: OutboxKind;
  layout: OutboxLayout;
  /** Name of the collector's environment variable that holds the address of the business database. */
  connection: string;
  /** Table, or schema.table. */
  table: string;
  /** Debezium's layout: the topic of a row, `${routedByValue}` standing for its aggregatetype. Null: `DEFAULT_TOPIC_PATTERN`. */
  topicPattern: string | null;
  /** Debezium's layout: a column that grows with every insert; rows of one key are sent in its order. Null: the id. */
  orderColumn: string | null;
}

export const DEFAULT_OUTBOX_TABLE = "surelay_outbox";
/** Debezium's own default for `route.topic.replacement`. */
export const DEFAULT_TOPIC_PATTERN = "outbox.event.${routedByValue}";
const ROUTED_BY_VALUE = "${routedByValue}";

/**
 * Only variables of this beginning are read as addresses: whoever may declare a source must not be able to point the
 * collector at any other secret of its environment.
 */
export const CONNECTION_START = "SURELAY_SOURCE_";

export const OUTBOX_NAME_LENGTH = 64;
export const CONNECTION_LENGTH = CONNECTION_START.length + 64;
export const TABLE_LENGTH = 127;
export const COLUMN_LENGTH = 63;
export const TOPIC_PATTERN_LENGTH = 249;

/** The same forms as the CHECKs of the table `outbox_source`. */
export const OUTBOX_FORMS = {
  name: /^[a-z0-9][a-z0-9._-]{0,63}$/,
  connection: /^SURELAY_SOURCE_[A-Z0-9_]{1,64}$/,
  table: /^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?$/,
  column: /^[A-Za-z_][A-Za-z0-9_]{0,62}$/,
  topicPattern: /^[A-Za-z0-9._-]*(\$\{routedByValue\}[A-Za-z0-9._-]*)?$/,
} as const;

/** The topic of a row in Debezium's layout. */
export function routedTopic(pattern: string | null, aggregateType: string): string {
  return (pattern ?? DEFAULT_TOPIC_PATTERN).replaceAll(ROUTED_BY_VALUE, () => aggregateType);
}

/** How a source stands, for one word beside its name. */
export const OUTBOX_STANDINGS = ["collecting", "idle", "paused", "fault", "refusing", "unowned"] as const;
export type OutboxStanding = (typeof OUTBOX_STANDINGS)[number];

/** What the standing is judged from. */
export interface OutboxCircumstances {
  paused: boolean;
  /** Whether a collector holds a lease on it that has not run out. */
  owned: boolean;
  fault: boolean;
  /** Rows that cannot become messages as they are. */
  failures: number;
  /** Rows waiting in the source when it was looked at last; null: never. */
  waiting: number | null;
}

/** What a person has to know first: nobody works at it, it stands still, it is held, some of its rows are refused. Pure. */
export function judgeOutbox(source: OutboxCircumstances): OutboxStanding {
  if (source.paused) return "paused";
  if (!source.owned) return "unowned";
  if (source.fault) return "fault";
  if (source.failures > 0) return "refusing";
  return (source.waiting ?? 0) > 0 ? "collecting" : "idle";
}
