"use client";
import { useTranslations } from "next-intl";
import type { DeliveryState } from "@/server/domain/delivery-state.ts";
import { StatusBadge } from "../../../_ui/status-badge.tsx";
import { DELIVERY_LOOK } from "./delivery-look.ts";

/** A delivery's state by its colour, icon and name; what it means on hover. */
export function DeliveryStateBadge({ state }: { state: DeliveryState }) {
  const t = useTranslations("deliveries");
  return <StatusBadge {...DELIVERY_LOOK[state]} label={t(`states.${state}`)} hint={t(`meaning.${state}`)} />;
}
