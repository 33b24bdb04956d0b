"use client";
import { useTimeZone, useTranslations } from "next-intl";
import { formatMoment } from "./format-moment.ts";
import { useMeasures } from "./use-measures.ts";
import { useTickingNow } from "./use-ticking-now.ts";

/** How long ago something was, ticking; the moment itself on hover. What lies ahead counts as now. */
export function Age({ at }: { at: Date }) {
  const t = useTranslations("units");
  const { duration } = useMeasures();
  const zone = useTimeZone() ?? "UTC";
  const now = useTickingNow();
  const age = Math.max(0, now - at.getTime());
  const utc = `${formatMoment(at, "UTC", true)} UTC`;
  return (
    <time
      dateTime={at.toISOString()}
      title={zone === "UTC" ? utc : `${formatMoment(at, zone, true)} ${zone} · ${utc}`}
      style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}
    >
      {age < 1000 ? t("s", { count: 0 }) : duration(age)}
    </time>
  );
}
