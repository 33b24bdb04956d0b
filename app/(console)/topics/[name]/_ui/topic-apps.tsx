"use client";
import { Anchor, Text } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import { Age } from "../../../../_ui/age.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { PlainTable } from "../../../_registry/_ui/plain-table.tsx";
import type { TopicDetail } from "./topic-detail.ts";

/** The apps that sent to a topic lately. */
export function TopicApps({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const format = useFormatter();
  return (
    <Section title={t("apps")} aside={<Text size="xs">{t("lastDay")}</Text>}>
      {topic.apps.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("appsNone")}
        </Text>
      ) : (
        <PlainTable
          caption={t("apps")}
          rows={topic.apps}
          rowKey={(row) => row.app}
          columns={[
            {
              id: "app",
              header: t("app"),
              cell: ({ app }) => (
                <Anchor component={Link} href={`/apps/${encodeURIComponent(app)}`} size="sm">
                  {app}
                </Anchor>
              ),
            },
            { id: "stored", header: t("stored"), align: "end", cell: (row) => format.number(row.stored) },
            { id: "last", header: t("last"), align: "end", cell: (row) => <Age at={row.lastMinute} /> },
            {
              id: "messages",
              header: "",
              align: "end",
              cell: ({ app }) => (
                <Anchor
                  component={Link}
                  href={`/messages?${new URLSearchParams({ app, topic: topic.name })}`}
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
