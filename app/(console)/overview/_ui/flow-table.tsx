"use client";
import { ScrollArea } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import { Moment } from "../../../_ui/moment.tsx";
import { FLOW_LINES } from "./flow-lines.ts";
import classes from "./flow-section.module.css";
import type { Series } from "./overview-data.ts";

/** What the chart draws, in numbers, newest first: messages per stretch. */
export function FlowTable({ points, stepMinutes }: { points: Series["points"]; stepMinutes: number }) {
  const t = useTranslations("overview");
  const format = useFormatter();
  return (
    <ScrollArea
      className={classes.table}
      viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("flowTable") }}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">{t("stretch", { minutes: stepMinutes })}</th>
            {FLOW_LINES.map(({ name }) => (
              <th key={name} scope="col">
                {t(`lines.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map((point) => (
            <tr key={point.at.getTime()}>
              <td>
                <Moment value={point.at} />
              </td>
              {FLOW_LINES.map(({ name }) => (
                <td key={name}>{format.number(point[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
