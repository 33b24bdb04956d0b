"use client";
import { useTranslations } from "next-intl";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import { useMeasures } from "../../../_ui/use-measures.ts";
import { useTickingNow } from "../../../_ui/use-ticking-now.ts";
import { formatMoment } from "../../../_ui/format-moment.ts";
import classes from "./due-time.module.css";

/** When a producer is asked next, or since when it should have been; ticking. */
export function DueTime({ at, overdue, asked }: { at: Date | null; overdue: boolean; asked: boolean }) {
  const t = useTranslations("prepared");
  const { duration } = useMeasures();
  const now = useTickingNow();
  if (at === null) return <Dimmed>{t("notDue")}</Dimmed>;
  const title = `${formatMoment(at, "UTC", true)} UTC`;
  const left = at.getTime() - now;
  if (overdue)
    return (
      <time className={classes.overdue} dateTime={at.toISOString()} title={title} data-overdue>
        {t("overdueFor", { duration: duration(Math.max(0, -left)) })}
      </time>
    );
  if (!asked) return <Dimmed>{t("nobodyAsks")}</Dimmed>;
  return (
    <time className={classes.due} dateTime={at.toISOString()} title={title}>
      {left > 0 ? t("dueIn", { duration: duration(Math.max(1000, left)) }) : t("dueNow")}
    </time>
  );
}
