"use client";
import { Group, Stack } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { momentPart } from "../../../_ui/rich-parts.tsx";
import { useMeasures } from "../../../_ui/use-measures.ts";
import type { DeliveryEntry } from "./delivery-entries.ts";
import type { DeliveryAttempt } from "./delivery-shape.ts";
import { FoldedText } from "./folded-text.tsx";

/** Titles and details of what happened to deliveries, in the page's language. */
export function useDeliveryWords(): (entry: DeliveryEntry) => { title: string; detail?: ReactNode } {
  const t = useTranslations("deliveries");
  return ({ delivery, attempt, future }) => {
    const { subscription, attempt: number, ack, state } = delivery;
    if (attempt !== null)
      return {
        title: t(`attempt.${attempt.kind}`, { subscription, attempt: attempt.attempt, by: attempt.by }),
        detail: <AttemptDetail attempt={attempt} />,
      };
    if (!future) return { title: t("acked", { subscription }) };
    if (state === "WAITING") return { title: t("retryDue", { subscription }) };
    return { title: t(ack === "webhook" ? "callDue" : "ackDue", { subscription, attempt: number }) };
  };
}

/** What was said of an attempt, by whom, and what followed. */
function AttemptDetail({ attempt }: { attempt: DeliveryAttempt }) {
  const t = useTranslations("deliveries");
  const { duration } = useMeasures();
  const { errorType, errorMessage, errorStack, status, durationMs, body, retryAt, reason } = attempt;
  const { brokerPartition, brokerOffset } = attempt;
  const figures = [
    status !== null && t("status", { status }),
    durationMs !== null && t("took", { duration: duration(durationMs) }),
    brokerPartition !== null &&
      t("place", { partition: String(brokerPartition), offset: brokerOffset ?? "?" }),
  ].filter((figure) => figure !== false);
  const isOwn = ["redriven", "discarded", "retried_now"].includes(attempt.kind);
  return (
    <Stack gap={2} data-attempt={attempt.kind}>
      {errorType !== null && (
        <div>
          <strong>{errorType}</strong>
          {errorMessage !== null && <span className="mono"> {errorMessage}</span>}
        </div>
      )}
      {figures.length > 0 && (
        <Group gap="0 0.6rem">
          {figures.map((figure) => (
            <span key={figure}>{figure}</span>
          ))}
        </Group>
      )}
      {reason !== null && reason !== "" && (
        <div lang={isOwn ? undefined : "en"}>{isOwn ? t("because", { reason }) : reason}</div>
      )}
      {retryAt !== null && <div>{t.rich("again", { at: momentPart(retryAt) })}</div>}
      {errorStack !== null && (
        <FoldedText
          text={errorStack}
          title={t("stack")}
          label={t("unfold", { what: t("stack"), attempt: attempt.attempt })}
        />
      )}
      {body !== null && (
        <FoldedText
          text={body}
          title={t("answer")}
          label={t("unfold", { what: t("answer"), attempt: attempt.attempt })}
        />
      )}
    </Stack>
  );
}
