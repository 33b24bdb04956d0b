"use client";
import { Text } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import type { inferRouterOutputs } from "@trpc/server";
import { useFormatter, useTranslations } from "next-intl";
import { useMemo } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import type { Column } from "../../../_table/column.ts";
import { Age } from "../../../_ui/age.tsx";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { Rate } from "../../_registry/_ui/rate.tsx";
import { WaitingCount } from "../../_registry/_ui/waiting-count.tsx";
import { TopicStateBadge } from "./topic-state.tsx";

export type TopicRow = inferRouterOutputs<AppRouter>["topics"]["declared"][number];

/** The columns of the list of topics. */
export function useTopicColumns(): Column<TopicRow>[] {
  const t = useTranslations("topics");
  const states = useTranslations("states");
  const format = useFormatter();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("name"),
        fixed: true,
        narrow: "title",
        width: "minmax(10rem, 1.6fr)",
        cell: (topic) => topic.name,
      },
      {
        id: "state",
        header: t("stateName"),
        narrow: "badge",
        width: "9rem",
        cell: (topic) => <TopicStateBadge topic={topic} />,
      },
      {
        id: "since",
        header: t("since"),
        width: "6rem",
        cell: (topic) => {
          const since = topic.faultSince ?? topic.pausedAt;
          return since === null ? "" : <Age at={since} />;
        },
      },
      {
        id: "rate",
        header: t("rate"),
        align: "end",
        width: "7rem",
        cell: (topic) => <Rate perSecond={topic.rate} />,
      },
      {
        id: "ready",
        header: states("READY"),
        align: "end",
        width: "8rem",
        cell: (topic) => <WaitingCount waiting={topic.waiting.READY} />,
      },
      {
        id: "prepared",
        header: states("PREPARED"),
        align: "end",
        width: "8rem",
        cell: (topic) => <WaitingCount waiting={topic.waiting.PREPARED} />,
      },
      {
        id: "rejected",
        header: states("REJECTED"),
        align: "end",
        width: "8rem",
        optional: true,
        cell: (topic) => <WaitingCount waiting={topic.waiting.REJECTED} />,
      },
      {
        id: "partitions",
        header: t("partitions"),
        align: "end",
        width: "6rem",
        cell: (topic) => format.number(topic.partitions),
      },
      {
        id: "schema",
        header: t("schema"),
        width: "6rem",
        cell: (topic) => (topic.hasSchema ? t("yes") : <Dimmed>{t("no")}</Dimmed>),
      },
      {
        id: "masked",
        header: t("masked"),
        width: "7rem",
        cell: (topic) =>
          topic.masked ? (
            <Text span inherit style={{ display: "inline-flex", alignItems: "center", gap: 4 }}>
              <IconEyeOff size={14} aria-hidden />
              {t("yes")}
            </Text>
          ) : (
            <Dimmed>{t("no")}</Dimmed>
          ),
      },
      {
        id: "updated",
        header: t("updated"),
        optional: true,
        width: "11rem",
        cell: (topic) => <Moment value={topic.updatedAt} />,
      },
    ],
    [t, states, format],
  );
}
