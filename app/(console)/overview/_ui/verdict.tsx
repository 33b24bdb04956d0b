"use client";
import { Button, Paper } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconHandStop } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { agePart } from "../../../_ui/rich-parts.tsx";
import type { OverviewData } from "./overview-data.ts";
import { ProblemRow } from "./problem-row.tsx";
import classes from "./verdict.module.css";

const LOOK = {
  well: { icon: IconCircleCheck, tone: "ok" },
  waiting: { icon: IconAlertTriangle, tone: "warn" },
  stopped: { icon: IconHandStop, tone: "bad" },
} as const;

/** Problems shown before one asks for all: what comes below must stay in reach. */
const SHOWN = 5;

/** One line that answers whether anything is stuck, and below it each thing that is. */
export function Verdict({ health, steps }: Pick<OverviewData, "health" | "steps">) {
  const t = useTranslations("overview");
  const [all, setAll] = useState(false);
  const hidden = health.problems.length - SHOWN;
  const { icon: VerdictIcon, tone } = LOOK[health.verdict];
  const urgent = health.problems.filter(({ severity }) => severity !== "notice").length;
  const oldest = [steps.PREPARED.oldestAt, steps.READY.oldestAt]
    .filter((at) => at !== null)
    .toSorted((a, b) => a.getTime() - b.getTime())[0];
  return (
    <Paper
      component="section"
      withBorder
      className={classes.verdict}
      data-tone={tone}
      aria-labelledby="verdict"
    >
      <div className={classes.line}>
        <span
          className={classes.sign}
          style={{ color: `var(--tone-${tone}-ink)`, background: `var(--tone-${tone}-fill)` }}
        >
          <VerdictIcon size={26} stroke={1.8} aria-hidden />
        </span>
        <div>
          {/* Not around the age below it, which would be read out every second. */}
          <div aria-live="polite">
            <h2 id="verdict" className={classes.title} data-verdict={health.verdict}>
              {t(`verdict.${health.verdict}`, { count: urgent })}
            </h2>
          </div>
          {health.verdict === "well" && (
            <p className={classes.text}>
              {oldest === undefined
                ? t("verdict.nothingWaits")
                : t.rich("verdict.oldest", { age: agePart(oldest) })}
            </p>
          )}
        </div>
      </div>
      {health.problems.length > 0 && (
        <ul className={classes.problems} aria-label={t("problems")}>
          {health.problems.slice(0, all ? undefined : SHOWN).map((problem) => (
            <ProblemRow key={problemKey(problem)} problem={problem} />
          ))}
          {!all && hidden > 0 && (
            <li className={classes.more}>
              <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
                {t("showAll", { count: hidden })}
              </Button>
            </li>
          )}
        </ul>
      )}
    </Paper>
  );
}

/** What a problem is about, without what changes while it lasts. */
function problemKey({
  since: _since,
  count: _count,
  atLeast: _atLeast,
  ...about
}: OverviewData["health"]["problems"][number]) {
  return JSON.stringify(about);
}
