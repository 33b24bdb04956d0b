"use client";
import { useFormatter, useTranslations } from "next-intl";
import { useMemo } from "react";
import type { Column } from "../../../_table/column.ts";
import { Age } from "../../../_ui/age.tsx";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import type { FailureSpan, Regrouping } from "../failure-params.ts";
import type { FailureGroup } from "./failure-shape.ts";
import { GroupMarks } from "./group-marks.tsx";
import { type Together, pointsOf, recentOf } from "./regroup.ts";
import { SparkBars } from "./spark-bars.tsx";

/** The columns of the list of groups. */
export function useFailureColumns(span: FailureSpan): Column<FailureGroup>[] {
  const t = useTranslations("failures");
  const format = useFormatter();
  return useMemo(
    () => [
      {
        id: "error",
        header: t("columns.error"),
        cell: (group) => group.errorType,
        fixed: true,
        narrow: "title",
        width: "minmax(10rem, 1fr)",
      },
      {
        id: "pattern",
        header: t("columns.pattern"),
        cell: (group) => (group.pattern === "" ? <Dimmed>{t("noText")}</Dimmed> : group.pattern),
        mono: true,
        width: "minmax(12rem, 3fr)",
        narrow: "wide",
      },
      {
        id: "marks",
        header: t("columns.marks"),
        cell: (group) => <GroupMarks group={group} />,
        narrow: "badge",
        width: "minmax(2rem, max-content)",
      },
      {
        id: "spark",
        header: t(`columns.spark.${span}`),
        cell: (group) => <SparkBars points={pointsOf(group)} />,
        width: "minmax(6rem, 9rem)",
      },
      {
        id: "recent",
        header: t("columns.recent"),
        align: "end",
        sorted: "descending",
        width: "5.5rem",
        cell: (group) => format.number(recentOf(group)),
      },
      {
        id: "minute",
        header: t("columns.minute"),
        align: "end",
        width: "5.5rem",
        cell: (group) => {
          const rate = Math.max(group.lastMinute, group.thisMinute);
          return rate === 0 ? <Dimmed>0</Dimmed> : format.number(rate);
        },
      },
      {
        id: "subscription",
        header: t("columns.subscription"),
        cell: (group) => t("subscriptionOf", { subscription: group.subscription, topic: group.topic }),
        width: "minmax(8rem, 1.4fr)",
      },
      {
        id: "last",
        header: t("columns.last"),
        align: "end",
        width: "5rem",
        cell: (group) => <Age at={group.lastAt} />,
      },
      {
        id: "first",
        header: t("columns.first"),
        align: "end",
        width: "5rem",
        optional: true,
        cell: (group) => <Age at={group.firstAt} />,
      },
      {
        id: "all",
        header: t("columns.all"),
        align: "end",
        optional: true,
        cell: (group) => format.number(group.failures),
      },
      {
        id: "app",
        header: t("columns.app"),
        optional: true,
        cell: (group) => group.app ?? <Dimmed>{t("noApp")}</Dimmed>,
      },
    ],
    [t, format, span],
  );
}

/** The columns of groups put together by something else. */
export function useRegroupedColumns(by: Exclude<Regrouping, "cause">, span: FailureSpan): Column<Together>[] {
  const t = useTranslations("failures");
  const format = useFormatter();
  return useMemo(
    () => [
      {
        id: "key",
        header: t(`columns.${by}`),
        cell: (row) => row.name ?? <Dimmed>{t("noApp")}</Dimmed>,
        fixed: true,
        narrow: "title",
        width: "minmax(10rem, 1.4fr)",
      },
      {
        id: "groups",
        header: t("columns.groups"),
        align: "end",
        width: "6rem",
        cell: (row) => format.number(row.items.length),
      },
      {
        id: "spark",
        header: t(`columns.spark.${span}`),
        cell: (row) => <SparkBars points={row.points} />,
        width: "minmax(7rem, 12rem)",
      },
      {
        id: "recent",
        header: t("columns.recent"),
        align: "end",
        sorted: "descending",
        width: "6rem",
        cell: (row) => format.number(row.recent),
      },
      {
        id: "last",
        header: t("columns.last"),
        align: "end",
        width: "6rem",
        cell: (row) => <Age at={row.lastAt} />,
      },
      {
        id: "first",
        header: t("columns.first"),
        align: "end",
        width: "6rem",
        cell: (row) => <Age at={row.firstAt} />,
      },
    ],
    [t, format, by, span],
  );
}
