import {
  type Icon,
  IconChecks,
  IconClockPlay,
  IconHourglass,
  IconSkull,
  IconTrash,
} from "@tabler/icons-react";
import type { DeliveryState } from "@/server/domain/delivery-state.ts";
import type { Tone } from "../../../_ui/status-badge.tsx";

/** One tone and one icon per state of a delivery, everywhere. */
export const DELIVERY_LOOK: Record<DeliveryState, { tone: Tone; icon: Icon }> = {
  PENDING: { tone: "info", icon: IconHourglass },
  WAITING: { tone: "warn", icon: IconClockPlay },
  ACKED: { tone: "ok", icon: IconChecks },
  DEAD: { tone: "bad", icon: IconSkull },
  DISCARDED: { tone: "idle", icon: IconTrash },
};
