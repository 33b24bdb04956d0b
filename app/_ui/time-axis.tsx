"use client";
import type { Icon } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Moment } from "./moment.tsx";
import type { Tone } from "./status-badge.tsx";
import classes from "./time-axis.module.css";
import { useMeasures } from "./use-measures.ts";

export interface TimeAxisEntry {
  key: string;
  at: Date;
  icon: Icon;
  /** Default: info. */
  tone?: Tone;
  title: ReactNode;
  detail?: ReactNode;
  /** Expected, not yet happened. */
  future?: boolean;
}

/** What happened, one under the other, with the time between. @param entries oldest first */
export function TimeAxis({ entries }: { entries: readonly TimeAxisEntry[] }) {
  return (
    <ol className={classes.axis}>
      {entries.map((entry, index) => (
        <Step key={entry.key} entry={entry} before={entries[index - 1]} />
      ))}
    </ol>
  );
}

function Step({ entry, before }: { entry: TimeAxisEntry; before: TimeAxisEntry | undefined }) {
  const t = useTranslations("timeAxis");
  const { duration } = useMeasures();
  const { icon: StepIcon, tone = "info" } = entry;
  const gap = before === undefined ? null : entry.at.getTime() - before.at.getTime();
  return (
    <li className={classes.step} data-future={entry.future || undefined}>
      <span
        className={classes.mark}
        style={{ color: `var(--tone-${tone}-ink)`, background: `var(--tone-${tone}-fill)` }}
        aria-hidden
      >
        <StepIcon size={14} stroke={2} />
      </span>
      <div className={classes.body}>
        <div className={classes.line}>
          <span className={classes.title}>{entry.title}</span>
          <span className={classes.when}>
            {entry.future && <span className={classes.due}>{t("expected")}</span>}
            <Moment value={entry.at} milliseconds={!entry.future} />
            {gap !== null && gap > 0 && (
              <span className={classes.gap}>{t("after", { duration: duration(gap) })}</span>
            )}
          </span>
        </div>
        {entry.detail !== undefined && entry.detail !== null && (
          <div className={classes.detail}>{entry.detail}</div>
        )}
      </div>
    </li>
  );
}
