import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/router.ts";

export type Message = inferRouterOutputs<AppRouter>["messages"]["read"];

export type TimelineKind =
  | "stored"
  | "sentNow"
  | "confirmed"
  | "cancelled"
  | "sent"
  | "heldSince"
  | "checkDue"
  | "deliverDue"
  | "event";

export interface TimelineEntry {
  kind: TimelineKind;
  at: Date;
  by: Message["decidedBy"];
  /** For `event`: what was recorded. */
  event: Message["events"][number] | null;
  /** Ms since the entry before; null for the first. */
  after: number | null;
}

/** A message's life in order of time: the times of its state, what was recorded beside them, and what is due. Pure. */
export function timelineEntries(message: Message): TimelineEntry[] {
  const entry = (kind: TimelineKind, at: Date | null, by: Message["decidedBy"] = null) =>
    at === null ? [] : [{ kind, at, by, event: null }];
  const atOnce = message.decidedAt?.getTime() === message.storedAt.getTime() && message.state !== "CANCELLED";
  const entries: Omit<TimelineEntry, "after">[] = [
    ...entry(atOnce ? "sentNow" : "stored", message.storedAt, atOnce ? message.decidedBy : null),
    ...(atOnce
      ? []
      : entry(
          message.state === "CANCELLED" ? "cancelled" : "confirmed",
          message.decidedAt,
          message.decidedBy,
        )),
    ...message.events.map((event) => ({ kind: "event" as const, at: event.at, by: null, event })),
    ...entry("heldSince", message.heldAt),
    ...entry("deliverDue", message.deliverAt),
    ...entry("checkDue", message.checkAt),
    ...entry("sent", message.sentAt),
  ];
  entries.sort((a, b) => a.at.getTime() - b.at.getTime());
  return entries.map((one, index) => ({
    ...one,
    after: index === 0 ? null : one.at.getTime() - entries[index - 1]!.at.getTime(),
  }));
}
