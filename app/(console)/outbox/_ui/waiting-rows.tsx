"use client";
import { useTranslations } from "next-intl";
import { CappedCount } from "../../../_table/capped-count.tsx";
import { Dimmed } from "../../../_ui/dimmed.tsx";

/** From so many on the collector stops counting; see WAITING_CAP of the store. */
const CAP = 10_000;

/** How many rows waited when the source was looked at last. */
export function WaitingRows({ waiting }: { waiting: number | null }) {
  const t = useTranslations("outbox");
  if (waiting === null) return <Dimmed>{t("unknown")}</Dimmed>;
  return <CappedCount count={Math.min(waiting, CAP)} capped={waiting > CAP} />;
}
