"use client";
import { Anchor } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import { isRecordedKind } from "@/server/domain/recorded-event.ts";
import { useDeliveryWords } from "../../../_deliveries/_ui/use-delivery-words.tsx";
import { CheckBackDetail } from "./check-back-detail.tsx";
import type { Message } from "./message-type.ts";
import type { TimelineEntry } from "./timeline-entries.ts";

interface Words {
  title: string;
  detail?: ReactNode;
}

const textOf = (value: unknown) => (typeof value === "string" ? value : null);

/** Titles and details of the axis in the page's language. */
export function useEntryWords(message: Message): (entry: TimelineEntry) => Words {
  const t = useTranslations("message");
  const deliveryWords = useDeliveryWords();
  const place = (partition: unknown, offset: string | null) =>
    t("place", {
      topic: message.topic,
      partition: String(partition),
      offset: offset ?? t("offsetUnknown"),
    });
  const because = (reason: unknown) =>
    typeof reason === "string" && reason !== "" ? t("because", { reason }) : undefined;

  function ofEvent({ kind, actor, detail }: Message["events"][number]): Words {
    if (!isRecordedKind(kind))
      return { title: `${kind} · ${actor}`, detail: detail && <code>{JSON.stringify(detail)}</code> };
    const attempt = Number(detail?.attempt ?? 0);
    const version = Number(detail?.version ?? 0);
    const title = t(`event.${kind}`, { actor, attempt, version });
    if (kind === "resend_sent") return { title, detail: place(detail?.partition, textOf(detail?.offset)) };
    if (kind === "rejected" || kind === "resend_refused") return { title, detail: String(detail?.reason) };
    const other = textOf(detail?.id);
    if ((kind === "edited_into" || kind === "edited_from") && other !== null)
      return {
        title,
        detail: (
          <>
            <Anchor component={Link} href={`/messages/${other}`} inherit underline="always" className="mono">
              {other}
            </Anchor>{" "}
            {because(detail?.reason)}
          </>
        ),
      };
    return { title, detail: because(detail?.reason) };
  }

  return (entry) => {
    switch (entry.kind) {
      case "event":
        return ofEvent(entry.event);
      case "audit":
        return {
          title:
            entry.entry.action === "message.unmask"
              ? t("unmasked", { actor: entry.entry.actor })
              : `${entry.entry.action} · ${entry.entry.actor}`,
          detail: because(entry.entry.reason),
        };
      case "delivery":
        return deliveryWords(entry.entry);
      case "checkBack":
        return {
          title: t("asked", { attempt: entry.asked.attempt }),
          detail: <CheckBackDetail asked={entry.asked} />,
        };
      case "confirmed":
      case "cancelled":
        if (entry.event !== null)
          return {
            title: t(`${entry.kind}ByOperator`, { actor: entry.event.actor }),
            detail: because(entry.event.detail?.reason),
          };
        return { title: t(entry.kind, { by: entry.by ?? "other" }) };
      case "sent":
        return {
          title: t("sent"),
          detail: place(message.brokerPartition, message.brokerOffset?.toString() ?? null),
        };
      case "sentNow":
        return { title: t("sentNow") };
      default:
        return { title: t(entry.kind) };
    }
  };
}
