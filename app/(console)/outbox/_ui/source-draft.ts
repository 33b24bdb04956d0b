import {
  CONNECTION_START,
  DEFAULT_OUTBOX_TABLE,
  OUTBOX_FORMS,
  type OutboxKind,
  type OutboxLayout,
  type OutboxSourceSpec,
  TOPIC_PATTERN_LENGTH,
} from "@/server/domain/outbox-source.ts";

/** What the form of a source holds: texts as typed. */
export interface SourceDraft {
  name: string;
  app: string;
  kind: OutboxKind;
  layout: OutboxLayout;
  connection: string;
  table: string;
  topicPattern: string;
  orderColumn: string;
}

/** Rows of one key go by their ids unless another column is named: ids are by time. */
export const DEFAULT_ORDER_COLUMN = "id";

export const EMPTY_SOURCE: SourceDraft = {
  name: "",
  app: "",
  kind: "postgresql",
  layout: "surelay",
  connection: CONNECTION_START,
  table: DEFAULT_OUTBOX_TABLE,
  topicPattern: "",
  orderColumn: "",
};

export function draftOf(spec: OutboxSourceSpec): SourceDraft {
  return { ...spec, topicPattern: spec.topicPattern ?? "", orderColumn: spec.orderColumn ?? "" };
}

/** The draft as it would be stored: trimmed, empty fields unset; what belongs to the other layout is left out. Pure. */
export function specFrom(draft: SourceDraft): OutboxSourceSpec {
  const debezium = draft.layout === "debezium";
  return {
    name: draft.name,
    app: draft.app,
    kind: draft.kind,
    layout: draft.layout,
    connection: draft.connection.trim(),
    table: draft.table.trim(),
    topicPattern: debezium ? draft.topicPattern.trim() || null : null,
    orderColumn: debezium ? draft.orderColumn.trim() || null : null,
  };
}

/** The fields that cannot be stored as they stand. Pure. */
export function faultsOf(draft: SourceDraft): Set<keyof SourceDraft> {
  const spec = specFrom(draft);
  const faults = new Set<keyof SourceDraft>();
  if (!OUTBOX_FORMS.name.test(spec.name)) faults.add("name");
  if (spec.app === "") faults.add("app");
  if (!OUTBOX_FORMS.connection.test(spec.connection)) faults.add("connection");
  if (!OUTBOX_FORMS.table.test(spec.table)) faults.add("table");
  if (
    spec.topicPattern !== null &&
    !(OUTBOX_FORMS.topicPattern.test(spec.topicPattern) && spec.topicPattern.length <= TOPIC_PATTERN_LENGTH)
  )
    faults.add("topicPattern");
  if (spec.orderColumn !== null && !OUTBOX_FORMS.column.test(spec.orderColumn)) faults.add("orderColumn");
  return faults;
}
