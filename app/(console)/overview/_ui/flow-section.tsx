"use client";
import { Group, SegmentedControl, Skeleton, Switch } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { Section } from "../../../_ui/section.tsx";
import { IconChartLine } from "@tabler/icons-react";
import { SPANS, type Span, overviewParams } from "../overview-params.ts";
import classes from "./flow-section.module.css";
import { FlowLegend } from "./flow-legend.tsx";
import { FlowTable } from "./flow-table.tsx";
import type { Series } from "./overview-data.ts";

/** How often a stretch is read again, ms: a fraction of what one of its points stands for. */
const REFRESH_MS: Record<Span, number> = { hour: 10_000, day: 30_000, week: 300_000 };

/** The chart library is most of the page's weight, and nobody needs it to see that something is stuck. */
const FlowChart = dynamic(() => import("./flow-chart.tsx"), {
  ssr: false,
  loading: () => <Skeleton className={classes.plot} />,
});

/** Rates over the last hour, day or week, as a chart or as a table. */
export function FlowSection() {
  const t = useTranslations("overview");
  const trpc = useTRPC();
  const [{ span }, setParams] = useQueryStates(overviewParams);
  const [asTable, setAsTable] = useState(false);
  const query = useQuery(
    trpc.overview.series.queryOptions(
      { span },
      { refetchInterval: REFRESH_MS[span], placeholderData: keepPreviousData },
    ),
  );
  return (
    <Section
      title={t("flow")}
      aside={
        <Group gap="md">
          <Switch
            size="sm"
            label={t("asTable")}
            checked={asTable}
            onChange={(event) => setAsTable(event.currentTarget.checked)}
          />
          <SegmentedControl
            size="xs"
            aria-label={t("span")}
            value={span}
            onChange={(value) => void setParams({ span: value })}
            data={SPANS.map((value) => ({ value, label: t(`spans.${value}`) }))}
          />
        </Group>
      }
    >
      <QueryView query={query} skeleton={<Skeleton className={classes.plot} />}>
        {(series) => {
          // The last stretch is still going on: drawn, it would always look like a fall. It is drawn where it is all there is.
          const over = series.points.slice(0, -1);
          const points = over.some(hasTraffic) ? over : series.points;
          if (!points.some(hasTraffic))
            return (
              <div className={classes.plot}>
                <EmptyState icon={IconChartLine} title={t("noFlow")} text={t("noFlowText")} />
              </div>
            );
          return (
            <>
              <FlowLegend points={points} span={span} />
              {asTable ? (
                <FlowTable points={points} stepMinutes={series.stepMinutes} />
              ) : (
                <FlowChart points={points} stepMinutes={series.stepMinutes} span={span} />
              )}
            </>
          );
        }}
      </QueryView>
    </Section>
  );
}

function hasTraffic({ stored, sent, consumed, cancelled, rejected }: Series["points"][number]): boolean {
  return stored + sent + consumed + cancelled + rejected > 0;
}
