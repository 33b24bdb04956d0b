"use client";
import { Alert, Stack } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { agePart } from "../../../../_ui/rich-parts.tsx";
import type { TopicDetail } from "./topic-detail.ts";

/** Who paused a topic, why, since when, and what that holds. */
export function TopicPaused({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const { pausedAt, pausedBy, pauseReason } = topic;
  if (pausedAt === null) return null;
  const title = t.rich("pausedTitle", { by: pausedBy ?? "?", age: agePart(pausedAt) });
  return (
    <Alert color="orange" icon={<IconPlayerPause aria-hidden />} title={title} role="note">
      <Stack gap={4}>
        {pauseReason !== null && <span>{t("pausedReason", { reason: pauseReason })}</span>}
        <span>{t("pausedHeld", { count: topic.waiting.READY?.count ?? 0 })}</span>
      </Stack>
    </Alert>
  );
}
