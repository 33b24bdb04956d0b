"use client";
import { Anchor, Text } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import { Age } from "../../../../_ui/age.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { PlainTable } from "../../../_registry/_ui/plain-table.tsx";
import type { AppDetail } from "./app-detail.ts";

/** The topics that an app sent to lately. */
export function AppTopics({ app }: { app: AppDetail }) {
  const t = useTranslations("apps");
  const format = useFormatter();
  return (
    <Section title={t("topics")} aside={<Text size="xs">{t("lastDay")}</Text>}>
      {app.topics.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("topicsNone")}
        </Text>
      ) : (
        <PlainTable
          caption={t("topics")}
          rows={app.topics}
          rowKey={(row) => row.topic}
          columns={[
            {
              id: "topic",
              header: t("topic"),
              cell: ({ topic }) => (
                <Anchor component={Link} href={`/topics/${encodeURIComponent(topic)}`} size="sm">
                  {topic}
                </Anchor>
              ),
            },
            { id: "stored", header: t("stored"), align: "end", cell: (row) => format.number(row.stored) },
            { id: "last", header: t("last"), align: "end", cell: (row) => <Age at={row.lastMinute} /> },
            {
              id: "messages",
              header: "",
              align: "end",
              cell: ({ topic }) => (
                <Anchor
                  component={Link}
                  href={`/messages?${new URLSearchParams({ app: app.name, topic })}`}
                  size="sm"
                >
                  {t("messages")}
                </Anchor>
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}
