"use client";
import { useTranslations } from "next-intl";

/** A number that is exact up to a cap and says so beyond: `10,000+`. @param capped there are more than `count` */
export function CappedCount({ count, capped }: { count: number; capped: boolean }) {
  const t = useTranslations("table");
  return <span>{capped ? t("countCapped", { count }) : t("count", { count })}</span>;
}
