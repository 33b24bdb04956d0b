"use client";
import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconPlayerPause,
  IconPlugConnectedX,
  IconTransferIn,
  IconUserOff,
} from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { OutboxStanding } from "@/server/domain/outbox-source.ts";
import { StatusBadge, type Tone } from "../../../_ui/status-badge.tsx";

const LOOK: Record<OutboxStanding, { tone: Tone; icon: Icon }> = {
  collecting: { tone: "ok", icon: IconTransferIn },
  idle: { tone: "ok", icon: IconCircleCheck },
  paused: { tone: "warn", icon: IconPlayerPause },
  fault: { tone: "bad", icon: IconPlugConnectedX },
  refusing: { tone: "warn", icon: IconAlertTriangle },
  unowned: { tone: "bad", icon: IconUserOff },
};

/** How a source stands, in one word. */
export function StandingBadge({ standing }: { standing: OutboxStanding }) {
  const t = useTranslations("outbox.standing");
  return <StatusBadge {...LOOK[standing]} label={t(`${standing}.name`)} hint={t(`${standing}.hint`)} />;
}
