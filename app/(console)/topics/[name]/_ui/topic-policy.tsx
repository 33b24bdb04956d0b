"use client";
import { Group } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { Moment } from "../../../../_ui/moment.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { MaskTopic } from "./mask-topic.tsx";
import { RaisePartitions } from "./raise-partitions.tsx";
import type { TopicDetail } from "./topic-detail.ts";

/** What is declared of a topic here, each value beside the way to change it. */
export function TopicPolicy({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const format = useFormatter();
  return (
    <Section title={t("policy")}>
      <Facts>
        <Fact name={t("partitions")}>
          <Group gap="xs">
            {format.number(topic.partitions)}
            <RaisePartitions topic={topic} />
          </Group>
        </Fact>
        <Fact name={t("masked")}>
          <Group gap="xs">
            {topic.masked ? t("maskedYes") : t("maskedNo")}
            <MaskTopic topic={topic} />
          </Group>
        </Fact>
        <Fact name={t("schema")}>{topic.schema === null ? t("schemaNone") : t("schemaSet")}</Fact>
        <Fact name={t("createdAt")}>
          <Moment value={topic.createdAt} />
        </Fact>
        <Fact name={t("updated")}>
          <Moment value={topic.updatedAt} />
        </Fact>
      </Facts>
    </Section>
  );
}
