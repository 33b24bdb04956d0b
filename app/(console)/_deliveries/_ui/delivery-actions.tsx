"use client";
import { useTranslations } from "next-intl";
import { ActOn } from "./act-on.tsx";
import type { DeliveryItem } from "./delivery-shape.ts";

/** What an operator can do about one delivery in its state; what cannot be done says why. */
export function DeliveryActions({ delivery, size = "xs" }: { delivery: DeliveryItem; size?: string }) {
  const t = useTranslations("deliveries.act");
  const { messageId, subscriptionId, state, dueAt } = delivery;
  const which = { keys: [{ messageId, subscriptionId }] };
  const settled = state === "ACKED" || state === "DISCARDED";
  return (
    <>
      {state === "DEAD" ? (
        <ActOn verb="redrive" which={which} size={size} />
      ) : (
        <ActOn
          verb="retry_now"
          which={which}
          size={size}
          blocked={state === "WAITING" && dueAt !== null ? null : t(settled ? "settled" : "notWaiting")}
        />
      )}
      <ActOn verb="discard" which={which} size={size} blocked={settled ? t("settled") : null} />
    </>
  );
}
