"use client";
import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Section } from "../../../../_ui/section.tsx";
import { UsageTable } from "../../../_registry/_ui/usage-table.tsx";
import type { AppDetail } from "./app-detail.ts";

/** The topics that an app sent to lately. */
export function AppTopics({ app }: { app: AppDetail }) {
  const t = useTranslations("apps");
  return (
    <Section title={t("topics")} aside={<Text size="xs">{t("lastDay")}</Text>}>
      {app.topics.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("topicsNone")}
        </Text>
      ) : (
        <UsageTable caption={t("topics")} rows={app.topics} by="topic" />
      )}
    </Section>
  );
}
