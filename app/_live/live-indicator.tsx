"use client";
import { useTimeZone, useTranslations } from "next-intl";
import { formatMoment } from "../_ui/format-moment.ts";
import classes from "./live-indicator.module.css";
import { useLiveState } from "./live-provider.tsx";

/** Says whether the page follows changes, and if not, how old it is. */
export function LiveIndicator() {
  const t = useTranslations("live");
  const zone = useTimeZone() ?? "UTC";
  const { liveness, at, role } = useLiveState();
  const time = at === null ? t("never") : formatMoment(at, zone);
  return (
    <output
      className={classes.indicator}
      data-liveness={liveness}
      data-stream={role ?? undefined}
      title={t(`${liveness}Hint`, { time })}
    >
      <span className={classes.dot} aria-hidden />
      <span className={classes.label}>{t(liveness)}</span>
    </output>
  );
}
