import { type DeliveryEntry, deliveryEntries } from "../../../_deliveries/_ui/delivery-entries.ts";
import type { Message } from "./message-type.ts";
import { wasStoredDecided } from "./stored-decided.ts";

type RecordedEvent = Message["events"][number];
type AuditEntry = Message["audit"][number];
type CheckBack = Message["checkBacks"][number];

export type TimelineEntry = { key: string; at: Date } & (
  | { kind: "stored" | "heldSince" | "deliverCame" | "checkDue" | "deliverDue" | "consumed" }
  /** Stored as committed, in one phase. */
  | { kind: "sentNow"; by: Message["decidedBy"] }
  | {
      kind: "confirmed" | "cancelled";
      by: Message["decidedBy"];
      /** What was recorded with a forced decision. */
      event: RecordedEvent | null;
    }
  | { kind: "sent" }
  | { kind: "event"; event: RecordedEvent }
  | { kind: "audit"; entry: AuditEntry }
  /** The producer was asked, and answered or did not. */
  | { kind: "checkBack"; asked: CheckBack }
  /** What a consumer said or did not say, what was done about it, what it is waited for. */
  | { kind: "delivery"; entry: DeliveryEntry }
);

export type TimelineKind = TimelineEntry["kind"];

/** Whether it has not happened yet. */
export function isFuture(entry: TimelineEntry): boolean {
  if (entry.kind === "delivery") return entry.entry.future === true;
  return entry.kind === "checkDue" || entry.kind === "deliverDue";
}

/**
 * A message's life in order of time: the times of its state, what was recorded beside them, what operators did, and last
 * what is still due. Pure.
 */
export function timelineEntries(message: Message): TimelineEntry[] {
  const deliveries = message.deliveries.flatMap((delivery) =>
    deliveryEntries(delivery).map(
      (entry): TimelineEntry => ({ key: entry.key, at: entry.at, kind: "delivery", entry }),
    ),
  );
  const past: TimelineEntry[] = [
    ...storing(message),
    ...message.events
      .filter((event) => !isDecisionOf(event, message))
      .map((event, n) => ({ key: `event-${n}-${event.kind}`, kind: "event" as const, at: event.at, event })),
    ...message.audit.map((entry) => ({
      key: `audit-${entry.id}`,
      kind: "audit" as const,
      at: entry.at,
      entry,
    })),
    ...message.checkBacks.map((asked, n) => ({
      key: `check-${n}-${asked.at.getTime()}`,
      kind: "checkBack" as const,
      at: asked.at,
      asked,
    })),
    ...moment("heldSince", message.heldAt),
    ...moment("deliverCame", waited(message) && message.state !== "SCHEDULED" ? message.deliverAt : null),
    ...moment("sent", message.sentAt),
    ...deliveries.filter((entry) => !isFuture(entry)),
    ...moment("consumed", message.state === "CONSUMED" ? message.movedAt : null),
  ];
  past.sort((a, b) => a.at.getTime() - b.at.getTime());
  return [
    ...past,
    ...moment("deliverDue", message.state === "SCHEDULED" ? message.deliverAt : null),
    ...moment("checkDue", message.checkAt),
    ...deliveries.filter(isFuture).toSorted((a, b) => a.at.getTime() - b.at.getTime()),
  ];
}

function storing(message: Message): TimelineEntry[] {
  const { storedAt, decidedAt, decidedBy, state } = message;
  if (wasStoredDecided(message)) return [{ key: "stored", kind: "sentNow", at: storedAt, by: decidedBy }];
  const stored: TimelineEntry = { key: "stored", kind: "stored", at: storedAt };
  if (decidedAt === null) return [stored];
  const kind = state === "CANCELLED" ? "cancelled" : "confirmed";
  const event = message.events.find((one) => isDecisionOf(one, message)) ?? null;
  return [stored, { key: "decided", kind, at: decidedAt, by: decidedBy, event }];
}

/** A forced decision is recorded in the transaction that makes it: both have its time. */
function isDecisionOf(event: RecordedEvent, { decidedAt }: Message): boolean {
  const forced = event.kind === "forced_confirm" || event.kind === "forced_cancel";
  return forced && event.at.getTime() === decidedAt?.getTime();
}

/** It was confirmed before the time that its producer named. */
function waited({ deliverAt, decidedAt }: Message): boolean {
  return deliverAt !== null && decidedAt !== null && deliverAt > decidedAt;
}

function moment(
  kind: "heldSince" | "deliverCame" | "checkDue" | "deliverDue" | "sent" | "consumed",
  at: Date | null,
): TimelineEntry[] {
  return at === null ? [] : [{ key: kind, kind, at }];
}
