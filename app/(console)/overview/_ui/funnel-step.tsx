"use client";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import { Age } from "../../../_ui/age.tsx";
import { MessageStateBadge } from "../../../_ui/message-state-badge.tsx";
import { waitingHref } from "../../prepared/waiting-href.ts";
import { messagesHref } from "../messages-href.ts";
import classes from "./funnel.module.css";
import type { Step } from "./overview-data.ts";

/**
 * One step. Where messages wait its figure is how many; where they end it is how many a minute.
 * @param children exits and entrances of the step
 */
export function FunnelStep({
  step,
  kind,
  pressure,
  children,
}: {
  step: Step;
  kind: "waits" | "ends";
  /** By how much the backlog before an end grows a minute; negative: it shrinks. */
  pressure?: number;
  children?: ReactNode;
}) {
  const t = useTranslations("overview");
  const format = useFormatter();
  const figure = (rate: number) => format.number(rate, { maximumFractionDigits: rate < 10 ? 1 : 0 });
  return (
    <li className={classes.step} data-step={step.state}>
      <Link
        href={step.state === "PREPARED" ? waitingHref({}) : messagesHref({ states: [step.state] })}
        prefetch={false}
        className={classes.main}
      >
        <span>
          <MessageStateBadge state={step.state} />
        </span>
        <span className={classes.count} data-figure>
          {format.number(kind === "waits" ? step.count : step.lastMinute)}{" "}
          <span className={classes.unit}>{t(kind === "waits" ? "waiting" : "inLastMinute")}</span>
        </span>
      </Link>
      <dl className={classes.facts}>
        {kind === "waits" && (
          <>
            <dt>{t("oldest")}</dt>
            <dd>{step.oldestAt === null ? t("none") : <Age at={step.oldestAt} />}</dd>
            <dt>{t("cameIn")}</dt>
            <dd>{t("perMinute", { rate: step.lastMinute })}</dd>
          </>
        )}
        <dt>{t("onAverage")}</dt>
        <dd>{t("perMinuteOfFive", { rate: figure(step.lastFive / 5) })}</dd>
        {pressure !== undefined && (
          <>
            <dt>{t("backlog")}</dt>
            <dd data-pressure>{t(trendOf(pressure), { rate: figure(Math.abs(pressure)) })}</dd>
          </>
        )}
      </dl>
      {children !== undefined && <ul className={classes.exits}>{children}</ul>}
    </li>
  );
}

/** Less than one message a minute either way is keeping up. */
function trendOf(pressure: number): "keepsUp" | "grows" | "shrinks" {
  if (Math.abs(pressure) < 1) return "keepsUp";
  return pressure > 0 ? "grows" : "shrinks";
}
