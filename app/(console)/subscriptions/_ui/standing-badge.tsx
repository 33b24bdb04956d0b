"use client";
import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconGauge,
  IconPlayerPause,
  IconPlugConnectedX,
  IconSkull,
  IconTransferIn,
} from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { SubscriptionStanding } from "@/server/domain/subscription.ts";
import { StatusBadge, type Tone } from "../../../_ui/status-badge.tsx";

const LOOK: Record<SubscriptionStanding, { tone: Tone; icon: Icon }> = {
  paused: { tone: "warn", icon: IconPlayerPause },
  fault: { tone: "bad", icon: IconAlertTriangle },
  disabled: { tone: "bad", icon: IconPlugConnectedX },
  throttled: { tone: "bad", icon: IconGauge },
  dead: { tone: "bad", icon: IconSkull },
  delivering: { tone: "ok", icon: IconTransferIn },
  idle: { tone: "ok", icon: IconCircleCheck },
};

/** How a subscription stands, in one word. */
export function StandingBadge({ standing }: { standing: SubscriptionStanding }) {
  const t = useTranslations("subscriptions.standing");
  return <StatusBadge {...LOOK[standing]} label={t(`${standing}.name`)} hint={t(`${standing}.hint`)} />;
}
