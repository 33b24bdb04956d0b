"use client";
import { IconPlugConnected, IconPlugConnectedX, IconRefreshDot, IconUnlink } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { BreakerState } from "@/server/domain/check-breaker.ts";
import { StatusBadge } from "../../../_ui/status-badge.tsx";

const LOOK = {
  closed: { tone: "ok", icon: IconPlugConnected },
  open: { tone: "bad", icon: IconPlugConnectedX },
  half_open: { tone: "warn", icon: IconRefreshDot },
} as const;

/** Whether a producer can be asked. @param breaker null: it could always be reached; @param asked it declares a check URL */
export function BreakerBadge({ asked, breaker }: { asked: boolean; breaker: BreakerState | null }) {
  const t = useTranslations("checkBack.breaker");
  if (!asked) return <StatusBadge tone="warn" icon={IconUnlink} label={t("noUrl")} hint={t("noUrlHint")} />;
  const state = breaker ?? "closed";
  return <StatusBadge {...LOOK[state]} label={t(`${state}.name`)} hint={t(`${state}.hint`)} />;
}
