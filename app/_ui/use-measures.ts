"use client";
import { useTranslations } from "next-intl";
import { measureBytes, measureDuration } from "./measure.ts";

/** Durations (ms) and sizes (bytes) as words of the page's language. */
export function useMeasures(): { duration: (ms: number) => string; size: (bytes: number) => string } {
  const t = useTranslations("units");
  const say = ({ unit, count }: ReturnType<typeof measureBytes> | ReturnType<typeof measureDuration>) =>
    t(unit, { count });
  return { duration: (ms) => say(measureDuration(ms)), size: (bytes) => say(measureBytes(bytes)) };
}
