"use client";
import { Button, VisuallyHidden } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowRight,
  IconHandStop,
  IconInfoCircle,
  IconUserExclamation,
} from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { CappedCount } from "../../../_table/capped-count.tsx";
import { agePart } from "../../../_ui/rich-parts.tsx";
import type { Problem } from "./overview-data.ts";
import { problemHref } from "./problem-href.ts";
import { useProblemText } from "./use-problem-text.ts";
import classes from "./verdict.module.css";

const LOOK = {
  stopped: { icon: IconHandStop, tone: "bad" },
  waiting: { icon: IconAlertTriangle, tone: "warn" },
  notice: { icon: IconInfoCircle, tone: "info" },
} as const;

/** One thing that stands in the way: what, since when, how many, whose turn, and the way to it. */
export function ProblemRow({ problem }: { problem: Problem }) {
  const t = useTranslations("overview");
  const { what, detail, turn } = useProblemText(problem);
  const { icon: ProblemIcon, tone } = LOOK[problem.severity];
  const href = problemHref(problem);
  const waiting = <CappedCount count={problem.count ?? 0} capped={problem.atLeast} />;
  return (
    <li className={classes.problem} data-problem={problem.kind} data-severity={problem.severity}>
      <span
        className={classes.problemSign}
        style={{ color: `var(--tone-${tone}-ink)`, background: `var(--tone-${tone}-fill)` }}
        title={t(`severity.${problem.severity}`)}
      >
        <ProblemIcon size={17} aria-hidden />
        <VisuallyHidden>{t(`severity.${problem.severity}`)}</VisuallyHidden>
      </span>
      <div>
        <div className={classes.what}>{what}</div>
        <div className={classes.detail}>{detail}</div>
        <div className={classes.turn}>
          <IconUserExclamation size={15} aria-hidden />
          {turn}
        </div>
      </div>
      <div className={classes.figures}>
        {problem.count !== null && problem.count > 0 && (
          <span>
            {t.rich("messagesWait", {
              count: problem.count,
              number: () => waiting,
            })}
          </span>
        )}
        {problem.since !== null && (
          <span className={classes.since}>{t.rich("since", { age: agePart(problem.since) })}</span>
        )}
      </div>
      <Button
        component={Link}
        href={href}
        prefetch={false}
        size="compact-sm"
        variant="default"
        className={classes.action}
        rightSection={<IconArrowRight size={15} aria-hidden />}
        aria-label={t("goTo", { what })}
      >
        {t(labelOf(href))}
      </Button>
    </li>
  );
}

const LABELS = {
  "/messages": "showMessages",
  "/prepared": "showMessages",
  "/topics": "showTopic",
  "/apps": "showApp",
  "/outbox": "showSource",
  "/subscriptions": "showSubscription",
  "/dead-letters": "showDeadLetters",
} as const;

function labelOf(href: string): (typeof LABELS)[keyof typeof LABELS] | "showWorkers" {
  const room = (Object.keys(LABELS) as (keyof typeof LABELS)[]).find((start) => href.startsWith(start));
  return room === undefined ? "showWorkers" : LABELS[room];
}
