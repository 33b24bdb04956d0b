"use client";
import { useTranslations } from "next-intl";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import { momentPart } from "../../../_ui/rich-parts.tsx";
import type { DeliveryItem } from "./delivery-shape.ts";

/** What a delivery waits for, and until when. */
export function NextStep({
  delivery,
}: {
  delivery: Pick<DeliveryItem, "state" | "dueAt" | "paused" | "ack">;
}) {
  const t = useTranslations("deliveries");
  const { state, dueAt, paused, ack } = delivery;
  if (paused) return <Dimmed>{t("heldBack")}</Dimmed>;
  if (state === "WAITING" && dueAt === null) return <Dimmed>{t("queued")}</Dimmed>;
  if (dueAt === null) return <Dimmed>{t("none")}</Dimmed>;
  if (state === "WAITING" || ack === "webhook") return <>{t.rich("dueRetry", { at: momentPart(dueAt) })}</>;
  return <>{t.rich("dueAck", { at: momentPart(dueAt) })}</>;
}
