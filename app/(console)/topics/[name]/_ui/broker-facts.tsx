"use client";
import { Alert, Stack } from "@mantine/core";
import { IconAlertTriangle, IconArrowsDiff } from "@tabler/icons-react";
import { useFormatter, useTranslations } from "next-intl";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { useMeasures } from "../../../../_ui/use-measures.ts";
import { PlainTable } from "../../../_registry/_ui/plain-table.tsx";
import { RaisePartitions } from "./raise-partitions.tsx";
import type { BrokerView, TopicDetail } from "./topic-detail.ts";

type Present = Extract<BrokerView, { kind: "present" }>;

/** A topic's partitions and settings in Kafka, and where they differ from what is declared. */
export function BrokerFacts({ view, topic }: { view: Present; topic: TopicDetail }) {
  const t = useTranslations("topics");
  const format = useFormatter();
  const { duration, size } = useMeasures();
  const { partitions, config } = view;
  const leaderless = partitions.filter((partition) => partition.leader === null);
  const behind = partitions.filter((partition) => partition.inSync < partition.replicas);
  const unknown = t("notTold");
  const keptFor =
    config.retentionMs === null
      ? unknown
      : config.retentionMs < 0
        ? t("forEver")
        : duration(config.retentionMs);
  const keptBytes =
    config.retentionBytes === null
      ? unknown
      : config.retentionBytes < 0
        ? t("noLimit")
        : size(config.retentionBytes);
  return (
    <Stack gap="md">
      {leaderless.length > 0 && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t("leaderless")}>
          {t("leaderlessText", { count: leaderless.length })}
        </Alert>
      )}
      {behind.length > 0 && (
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title={t("behind")}>
          {t("behindText", { count: behind.length })}
        </Alert>
      )}
      {partitions.length > topic.partitions && (
        <Alert color="orange" icon={<IconArrowsDiff aria-hidden />} title={t("more")}>
          <Stack gap="xs" align="flex-start">
            {t("moreText", { here: topic.partitions, there: partitions.length })}
            <RaisePartitions topic={topic} proposed={partitions.length} />
          </Stack>
        </Alert>
      )}
      {partitions.length < topic.partitions && (
        <Alert color="orange" icon={<IconArrowsDiff aria-hidden />} title={t("fewer")}>
          {t("fewerText", { here: topic.partitions, there: partitions.length })}
        </Alert>
      )}
      <Facts>
        <Fact name={t("partitions")}>{format.number(partitions.length)}</Fact>
        <Fact name={t("keptFor")}>{keptFor}</Fact>
        <Fact name={t("keptBytes")}>{keptBytes}</Fact>
        <Fact name={t("cleanup")}>
          {config.cleanupPolicy === null ? unknown : <span className="mono">{config.cleanupPolicy}</span>}
        </Fact>
        <Fact name={t("largest")}>
          {config.maxMessageBytes === null ? unknown : size(config.maxMessageBytes)}
        </Fact>
        <Fact name={t("minInSync")}>
          {config.minInSyncReplicas === null ? unknown : format.number(config.minInSyncReplicas)}
        </Fact>
      </Facts>
      <PlainTable
        caption={t("partitionsInKafka")}
        rows={partitions}
        rowKey={(partition) => String(partition.id)}
        columns={[
          { id: "id", header: t("partition"), cell: ({ id }) => id },
          { id: "leader", header: t("leader"), cell: ({ leader }) => leader ?? t("leaderNone") },
          {
            id: "replicas",
            header: t("replicas"),
            align: "end",
            cell: ({ inSync, replicas }) => t("inSync", { inSync, replicas }),
          },
          { id: "first", header: t("first"), align: "end", cell: ({ first }) => format.number(first) },
          { id: "end", header: t("end"), align: "end", cell: ({ end }) => format.number(end) },
          {
            id: "kept",
            header: t("kept"),
            align: "end",
            cell: ({ first, end }) => format.number(end - first),
          },
        ]}
      />
    </Stack>
  );
}
