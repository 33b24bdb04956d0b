"use client";
import "@mantine/charts/styles.css";
import { VisuallyHidden } from "@mantine/core";
import { LineChart } from "@mantine/charts";
import { useFormatter, useTimeZone, useTranslations } from "next-intl";
import { formatMoment } from "../../../_ui/format-moment.ts";
import type { Span } from "../overview-params.ts";
import { FLOW_LINES } from "./flow-lines.ts";
import classes from "./flow-section.module.css";
import type { Series } from "./overview-data.ts";

interface Plot {
  points: Series["points"];
  stepMinutes: number;
  span: Span;
}

/** What the chart says of the moment under the pointer. */
interface Tooltip {
  label?: string | number | undefined;
  payload: readonly { dataKey?: unknown; value?: unknown }[];
}

/** Messages a minute over time. */
export default function FlowChart({ points, stepMinutes, span }: Plot) {
  const t = useTranslations("overview");
  const format = useFormatter();
  const timeZone = useTimeZone() ?? "UTC";
  const rate = (count: number) => Math.round((count / stepMinutes) * 10) / 10;
  const rows = points.map((point) => ({
    at: point.at.getTime(),
    stored: rate(point.stored),
    sent: rate(point.sent),
    consumed: rate(point.consumed),
    cancelled: rate(point.cancelled),
    rejected: rate(point.rejected),
  }));
  return (
    <figure className={classes.plot}>
      <VisuallyHidden component="figcaption">{t("chartLabel", { span })}</VisuallyHidden>
      <LineChart
        h="100%"
        data={rows}
        dataKey="at"
        curveType="linear"
        withDots={false}
        withLegend={false}
        strokeWidth={2}
        tickLine="none"
        gridAxis="x"
        unit=""
        xAxisProps={{
          tickFormatter: (at: number) => {
            const minute = minuteOf(at, timeZone);
            return span === "week" ? minute.slice(5, 10) : minute.slice(11);
          },
          minTickGap: 48,
        }}
        yAxisProps={{ width: 48, allowDecimals: false, tickFormatter: (n: number) => format.number(n) }}
        lineProps={{ isAnimationActive: false }}
        series={FLOW_LINES.map(({ name, color, dash }) => ({
          name,
          label: t(`lines.${name}`),
          color,
          strokeDasharray: dash,
        }))}
        tooltipAnimationDuration={0}
        tooltipProps={TOOLTIP}
      />
    </figure>
  );
}

/** The chart mounts this as a component: one made anew at each answer would be a new component each time. */
function FlowTooltip({ label, payload }: Tooltip) {
  const t = useTranslations("overview");
  const timeZone = useTimeZone() ?? "UTC";
  if (label === undefined) return null;
  return (
    <div className={classes.tooltip}>
      <strong>{minuteOf(Number(label), timeZone)}</strong>
      <dl>
        {payload.map((entry) => (
          <FlowFigure
            key={String(entry.dataKey)}
            name={t(`lines.${entry.dataKey as (typeof FLOW_LINES)[number]["name"]}`)}
            value={t("perMinute", { rate: Number(entry.value) })}
          />
        ))}
      </dl>
    </div>
  );
}

const TOOLTIP = { content: FlowTooltip };

/** Date and time to the minute. */
const minuteOf = (at: number, timeZone: string) => formatMoment(new Date(at), timeZone).slice(0, 16);

function FlowFigure({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
