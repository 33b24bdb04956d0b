"use client";
import { useFormatter, useTimeZone, useTranslations } from "next-intl";
import { formatMoment } from "../../../../_ui/format-moment.ts";
import type { FailureSpan } from "../../failure-params.ts";
import classes from "./failure-chart.module.css";

interface Chart {
  points: readonly { at: Date; failures: number }[];
  span: FailureSpan;
}

/** Names under the bars: more would not have room. */
const NAMED = 4;

/** How often a group failed, a bar for each stretch of time. */
export function FailureChart({ points, span }: Chart) {
  const t = useTranslations("failures");
  const format = useFormatter();
  const zone = useTimeZone() ?? "UTC";
  const most = Math.max(1, ...points.map(({ failures }) => failures));
  const sum = points.reduce((total, { failures }) => total + failures, 0);
  const nameOf = (at: Date) =>
    formatMoment(at, zone).slice(span === "week" ? 5 : 11, span === "week" ? 10 : 16);
  const named = Array.from(
    { length: Math.min(NAMED, points.length) },
    (_, n) => points[Math.floor((n * points.length) / NAMED)]!,
  );
  return (
    <div
      className={classes.chart}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a drawing of its own; img shows files
      role="img"
      aria-label={t("spark", { sum: format.number(sum), most: format.number(sum === 0 ? 0 : most) })}
    >
      <span className={classes.most} aria-hidden>
        {format.number(most)}
      </span>
      <div className={classes.bars} aria-hidden>
        {points.map(({ at, failures }) => (
          <div
            key={at.getTime()}
            className={classes.slot}
            title={`${formatMoment(at, zone).slice(0, 16)} · ${format.number(failures)}`}
          >
            {failures > 0 && (
              <div className={classes.bar} style={{ height: `${Math.max(3, (failures / most) * 100)}%` }} />
            )}
          </div>
        ))}
      </div>
      <div className={classes.names} aria-hidden>
        {named.map(({ at }) => (
          <span key={at.getTime()}>{nameOf(at)}</span>
        ))}
      </div>
    </div>
  );
}
