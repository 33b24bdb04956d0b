"use client";
import { useFormatter, useTranslations } from "next-intl";
import { Dimmed } from "../../../_ui/dimmed.tsx";

/** Records that a group has not passed. @param lag null: nobody has looked, or the group has committed nothing yet */
export function LagCount({ lag }: { lag: number | null }) {
  const t = useTranslations("subscriptions");
  const format = useFormatter();
  if (lag === null) return <Dimmed>{t("none")}</Dimmed>;
  return lag === 0 ? <Dimmed>0</Dimmed> : format.number(lag);
}
