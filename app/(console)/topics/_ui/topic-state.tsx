"use client";
import { IconCircleCheck, IconPlayerPause, IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { StatusBadge } from "../../../_ui/status-badge.tsx";

interface TopicState {
  faultCode: string | null;
  pausedAt: Date | null;
}

/** Whether a topic's messages are sent; a fault speaks before a pause: it is still there when the pause ends. */
export function TopicStateBadge({ topic }: { topic: TopicState }) {
  const t = useTranslations("topics");
  if (topic.faultCode !== null)
    return (
      <StatusBadge
        tone="bad"
        icon={IconPlugConnectedX}
        label={t("state.faulty")}
        hint={t("stateHint.faulty")}
      />
    );
  if (topic.pausedAt !== null)
    return (
      <StatusBadge
        tone="warn"
        icon={IconPlayerPause}
        label={t("state.paused")}
        hint={t("stateHint.paused")}
      />
    );
  return <StatusBadge tone="ok" icon={IconCircleCheck} label={t("state.open")} hint={t("stateHint.open")} />;
}
