import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCalendarClock,
  IconCheck,
  IconChecks,
  IconDatabase,
  IconEye,
  IconGavel,
  IconHelpCircle,
  IconMessageCheck,
  IconMessageQuestion,
  IconMessageX,
  IconNote,
  IconPencil,
  IconPlayerPause,
  IconPlugConnectedX,
  IconRepeat,
  IconSend,
} from "@tabler/icons-react";
import { type RecordedKind, isRecordedKind } from "@/server/domain/recorded-event.ts";
import type { Tone } from "../../../../_ui/status-badge.tsx";
import type { Message } from "./message-type.ts";
import type { TimelineEntry, TimelineKind } from "./timeline-entries.ts";

interface Look {
  icon: Icon;
  tone: Tone;
}

const LOOKS: Record<Exclude<TimelineKind, "event" | "audit" | "checkBack" | "delivery">, Look> = {
  stored: { icon: IconDatabase, tone: "info" },
  sentNow: { icon: IconDatabase, tone: "info" },
  confirmed: { icon: IconCheck, tone: "ok" },
  cancelled: { icon: IconBan, tone: "idle" },
  sent: { icon: IconSend, tone: "ok" },
  consumed: { icon: IconChecks, tone: "ok" },
  heldSince: { icon: IconPlayerPause, tone: "warn" },
  deliverCame: { icon: IconCalendarClock, tone: "info" },
  deliverDue: { icon: IconCalendarClock, tone: "idle" },
  checkDue: { icon: IconHelpCircle, tone: "idle" },
};

const CHECK_LOOKS: Record<Message["checkBacks"][number]["outcome"], Look> = {
  committed: { icon: IconMessageCheck, tone: "ok" },
  rolled_back: { icon: IconMessageX, tone: "idle" },
  unknown: { icon: IconMessageQuestion, tone: "warn" },
  failed: { icon: IconPlugConnectedX, tone: "bad" },
};

const EVENT_LOOKS: Record<RecordedKind, Look> = {
  rejected: { icon: IconAlertTriangle, tone: "bad" },
  forced_confirm: { icon: IconGavel, tone: "warn" },
  forced_cancel: { icon: IconGavel, tone: "warn" },
  asked_again: { icon: IconHelpCircle, tone: "warn" },
  resend_asked: { icon: IconRepeat, tone: "warn" },
  resend_sent: { icon: IconSend, tone: "ok" },
  resend_refused: { icon: IconAlertTriangle, tone: "bad" },
  edited: { icon: IconPencil, tone: "warn" },
  edited_into: { icon: IconPencil, tone: "warn" },
  edited_from: { icon: IconPencil, tone: "warn" },
};

/** One icon and tone per kind of entry. What an operator forced stands out among what went by itself. */
export function entryLook(entry: TimelineEntry): Look {
  if (entry.kind === "checkBack") return CHECK_LOOKS[entry.asked.outcome];
  if (entry.kind === "delivery") return { icon: entry.entry.icon, tone: entry.entry.tone };
  if (entry.kind === "audit") return { icon: IconEye, tone: "idle" };
  if (entry.kind === "event")
    return isRecordedKind(entry.event.kind)
      ? EVENT_LOOKS[entry.event.kind]
      : { icon: IconNote, tone: "info" };
  if ((entry.kind === "confirmed" || entry.kind === "cancelled") && entry.by === "operator")
    return { icon: IconGavel, tone: "warn" };
  return LOOKS[entry.kind];
}
