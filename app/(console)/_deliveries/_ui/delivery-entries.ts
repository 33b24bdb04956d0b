import {
  type Icon,
  IconAlertTriangle,
  IconArchive,
  IconChecks,
  IconClockPlay,
  IconClockX,
  IconHourglass,
  IconRepeat,
  IconSend,
  IconSkull,
  IconTrash,
} from "@tabler/icons-react";
import type { DeliveryAttemptKind } from "@/server/domain/delivery-state.ts";
import type { Tone } from "../../../_ui/status-badge.tsx";
import type { DeliveryAttempt, DeliveryDetail } from "./delivery-shape.ts";

/** What happened to a delivery, or is due. */
export interface DeliveryEntry {
  key: string;
  at: Date;
  icon: Icon;
  tone: Tone;
  future?: boolean;
  delivery: DeliveryDetail;
  /** Null: what its own columns tell, its acknowledgement or what is due. */
  attempt: DeliveryAttempt | null;
}

const LOOK: Record<DeliveryAttemptKind, { icon: Icon; tone: Tone }> = {
  retry: { icon: IconAlertTriangle, tone: "warn" },
  rejected: { icon: IconAlertTriangle, tone: "bad" },
  timed_out: { icon: IconClockX, tone: "warn" },
  crashed: { icon: IconAlertTriangle, tone: "bad" },
  failed: { icon: IconAlertTriangle, tone: "warn" },
  redelivered: { icon: IconSend, tone: "info" },
  redelivery_refused: { icon: IconAlertTriangle, tone: "bad" },
  dead_lettered: { icon: IconArchive, tone: "idle" },
  dead_letter_refused: { icon: IconAlertTriangle, tone: "bad" },
  dead: { icon: IconSkull, tone: "bad" },
  acked_late: { icon: IconChecks, tone: "ok" },
  redriven: { icon: IconRepeat, tone: "warn" },
  discarded: { icon: IconTrash, tone: "idle" },
  retried_now: { icon: IconClockPlay, tone: "warn" },
};

/** A delivery's attempts, its acknowledgement, and what it waits for, in order of time. Pure. */
export function deliveryEntries(delivery: DeliveryDetail): DeliveryEntry[] {
  const { subscriptionId: id, state, movedAt, dueAt } = delivery;
  const entries = delivery.attempts.map(
    (attempt, n): DeliveryEntry => ({
      key: `delivery-${id}-${n}-${attempt.kind}`,
      at: attempt.at,
      ...LOOK[attempt.kind],
      delivery,
      attempt,
    }),
  );
  const late = delivery.attempts.at(-1)?.kind === "acked_late";
  if (state === "ACKED" && !late)
    entries.push({ key: `acked-${id}`, at: movedAt, icon: IconChecks, tone: "ok", delivery, attempt: null });
  if (dueAt !== null && (state === "PENDING" || state === "WAITING"))
    entries.push({
      key: `due-${id}`,
      at: dueAt,
      icon: state === "PENDING" ? IconHourglass : IconClockPlay,
      tone: "idle",
      future: true,
      delivery,
      attempt: null,
    });
  return entries;
}
