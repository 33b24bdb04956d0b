"use client";
import { Alert, Stack } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { Age } from "../../../../_ui/age.tsx";
import type { TopicDetail } from "./topic-detail.ts";

/** Who paused a topic, why, since when, and what that holds. */
export function TopicPaused({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const { pausedAt, pausedBy, pauseReason } = topic;
  if (pausedAt === null) return null;
  return (
    <Alert
      color="orange"
      icon={<IconPlayerPause aria-hidden />}
      title={t.rich("pausedTitle", { by: pausedBy ?? "?", age: () => <Age at={pausedAt} /> })}
      role="status"
    >
      <Stack gap={4}>
        {pauseReason !== null && <span>{t("pausedReason", { reason: pauseReason })}</span>}
        <span>{t("pausedHeld", { count: topic.waiting.READY?.count ?? 0 })}</span>
      </Stack>
    </Alert>
  );
}
