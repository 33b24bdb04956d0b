"use client";
import { SegmentedControl } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { Column } from "../../../_table/column.ts";
import { DataTable } from "../../../_table/data-table.tsx";
import { Age } from "../../../_ui/age.tsx";
import { Section } from "../../../_ui/section.tsx";
import { messagesHref } from "../messages-href.ts";
import { overviewParams } from "../overview-params.ts";
import type { Share } from "./overview-data.ts";

/** Where the messages are, by topic or by app: who has most waiting stands first. */
export function Breakdown({ apps, topics }: { apps: Share[]; topics: Share[] }) {
  const t = useTranslations("overview");
  const [{ by }, setParams] = useQueryStates(overviewParams);
  const columns = useShareColumns(by);
  const rows = useMemo(() => (by === "app" ? apps : topics).toSorted(byBurden), [by, apps, topics]);
  return (
    <Section
      title={t("breakdown")}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t("breakdownBy")}
          value={by}
          onChange={(value) => void setParams({ by: value })}
          data={[
            { value: "topic", label: t("columns.topic") },
            { value: "app", label: t("columns.app") },
          ]}
        />
      }
    >
      <DataTable
        id="overview-breakdown"
        caption={t("breakdownCaption")}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.name}
        rowHref={(row) =>
          messagesHref({ states: ["PREPARED", "READY", "UNDECIDED", "REJECTED"], [by]: row.name })
        }
      />
    </Section>
  );
}

function useShareColumns(by: "app" | "topic"): Column<Share>[] {
  const t = useTranslations("overview");
  const format = useFormatter();
  return useMemo(() => {
    const figure = (n: number) => format.number(n);
    return [
      {
        id: "name",
        header: t(`columns.${by}`),
        cell: (row) => row.name,
        fixed: true,
        narrow: "title",
        width: "minmax(9rem, 2fr)",
      },
      {
        id: "prepared",
        header: t("columns.prepared"),
        cell: (row) => figure(row.prepared),
        align: "end",
        width: "minmax(5rem, 1fr)",
      },
      {
        id: "ready",
        header: t("columns.ready"),
        cell: (row) => figure(row.ready),
        align: "end",
        width: "minmax(5rem, 1fr)",
      },
      {
        id: "scheduled",
        header: t("columns.scheduled"),
        cell: (row) => figure(row.scheduled),
        align: "end",
        optional: true,
        width: "minmax(5rem, 1fr)",
      },
      {
        id: "stuck",
        header: t("columns.stuck"),
        cell: (row) => figure(row.stuck),
        align: "end",
        width: "minmax(5rem, 1fr)",
      },
      {
        id: "sent",
        header: t("columns.sent"),
        cell: (row) => t("perMinute", { rate: Math.round((row.sentLastFive / 5) * 10) / 10 }),
        align: "end",
        width: "minmax(6rem, 1fr)",
      },
      {
        id: "oldest",
        header: t("columns.oldest"),
        cell: (row) => (row.oldestAt === null ? t("none") : <Age at={row.oldestAt} />),
        align: "end",
        width: "minmax(5rem, 1fr)",
      },
    ];
  }, [t, format, by]);
}

/** Stuck before waiting, much before little; then by name. */
function byBurden(a: Share, b: Share): number {
  return (
    b.stuck - a.stuck ||
    b.prepared + b.ready - (a.prepared + a.ready) ||
    b.sentLastFive - a.sentLastFive ||
    a.name.localeCompare(b.name)
  );
}
