"use client";
import { useFormatter, useTranslations } from "next-intl";
import type { Span } from "../overview-params.ts";
import { FLOW_LINES } from "./flow-lines.ts";
import classes from "./flow-section.module.css";
import type { Series } from "./overview-data.ts";

/** The lines with their sums over the stretch: also what the chart says to who cannot see it. */
export function FlowLegend({ points, span }: { points: Series["points"]; span: Span }) {
  const t = useTranslations("overview");
  const format = useFormatter();
  return (
    <ul className={classes.legend} aria-label={t("sums", { span })}>
      {FLOW_LINES.map(({ name, color, dash }) => (
        <li key={name} className={classes.entry}>
          <svg width="28" height="10" aria-hidden>
            <line x1="0" y1="5" x2="28" y2="5" stroke={color} strokeWidth="2.5" strokeDasharray={dash} />
          </svg>
          {t(`lines.${name}`)}
          <span className={classes.figure}>
            {format.number(points.reduce((sum, point) => sum + point[name], 0))}
          </span>
        </li>
      ))}
    </ul>
  );
}
