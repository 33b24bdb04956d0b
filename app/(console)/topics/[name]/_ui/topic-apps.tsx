"use client";
import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Section } from "../../../../_ui/section.tsx";
import { UsageTable } from "../../../_registry/_ui/usage-table.tsx";
import type { TopicDetail } from "./topic-detail.ts";

/** The apps that sent to a topic lately. */
export function TopicApps({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  return (
    <Section title={t("apps")} aside={<Text size="xs">{t("lastDay")}</Text>}>
      {topic.apps.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("appsNone")}
        </Text>
      ) : (
        <UsageTable caption={t("apps")} rows={topic.apps} by="app" />
      )}
    </Section>
  );
}
