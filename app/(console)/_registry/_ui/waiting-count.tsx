"use client";
import { useFormatter, useTranslations } from "next-intl";
import { Age } from "../../../_ui/age.tsx";
import classes from "./waiting-count.module.css";

/** How many wait and since when the oldest; nothing when none do. */
export function WaitingCount({ waiting }: { waiting: { count: number; oldest: Date } | undefined }) {
  const t = useTranslations("registry");
  const format = useFormatter();
  if (waiting === undefined) return <span className={classes.none}>0</span>;
  return (
    <span className={classes.waiting}>
      {format.number(waiting.count)}
      <span className={classes.age} title={t("oldestHint")}>
        <Age at={waiting.oldest} />
      </span>
    </span>
  );
}
