"use client";
import { useFormatter, useTranslations } from "next-intl";

/** Messages per second; below ten with one decimal, below a tenth "less than". */
export function Rate({ perSecond }: { perSecond: number }) {
  const t = useTranslations("registry");
  const format = useFormatter();
  if (perSecond === 0) return <>{t("rate", { rate: format.number(0) })}</>;
  if (perSecond < 0.1) return <>{t("rateBelow", { rate: format.number(0.1) })}</>;
  return (
    <>{t("rate", { rate: format.number(perSecond, { maximumFractionDigits: perSecond < 10 ? 1 : 0 }) })}</>
  );
}
