"use client";
import { Alert, Code, Stack, Text } from "@mantine/core";
import { IconGauge, IconPlayerPause, IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { agePart, momentPart } from "../../../../../_ui/rich-parts.tsx";
import type { SubscriptionDetail } from "../../../_ui/subscription-shape.ts";
import { OpenValve } from "./open-valve.tsx";

/** What keeps redeliveries back, since when, and who can change that. */
export function SubscriptionAlerts({ subscription }: { subscription: SubscriptionDetail }) {
  const t = useTranslations("subscriptions");
  const { pausedAt, pausedBy, pauseReason, fault, valve } = subscription;
  return (
    <>
      {pausedAt !== null && (
        <Alert
          color="orange"
          role="note"
          icon={<IconPlayerPause aria-hidden />}
          title={t.rich("pausedTitle", { by: pausedBy ?? "?", age: agePart(pausedAt) })}
        >
          {pauseReason !== null && <div>{t("because", { reason: pauseReason })}</div>}
          <div>{t("pausedHeld")}</div>
        </Alert>
      )}
      {subscription.topicPaused && (
        <Alert color="orange" role="note" icon={<IconPlayerPause aria-hidden />}>
          {t("topicPaused", { topic: subscription.topic })}
        </Alert>
      )}
      {fault !== null && (
        <Alert
          color="red"
          role="note"
          icon={<IconPlugConnectedX aria-hidden />}
          title={t.rich("faultTitle", { topic: fault.topic, age: agePart(fault.since) })}
        >
          {t("faultText", { code: fault.code })}
        </Alert>
      )}
      {valve !== null && valve.disabledAt !== null && (
        <Alert
          color="red"
          role="note"
          icon={<IconPlugConnectedX aria-hidden />}
          title={t.rich("valve.disabledTitle", { age: agePart(valve.disabledAt) })}
        >
          <Stack gap="xs" align="flex-start">
            <Text size="sm">{t("valve.disabledText")}</Text>
            {valve.disabledReason !== null && (
              <Code block lang="en">
                {valve.disabledReason}
              </Code>
            )}
            <OpenValve subscription={subscription} what="endpoint" />
          </Stack>
        </Alert>
      )}
      {valve !== null && valve.state !== "open" && (
        <Alert
          color={valve.state === "probing" ? "orange" : "red"}
          role="note"
          icon={<IconGauge aria-hidden />}
          title={t.rich(`valve.${valve.state}Title`, { age: agePart(valve.since) })}
        >
          <Stack gap="xs" align="flex-start">
            <Text size="sm">
              {t("valve.text")}{" "}
              {valve.probeAt !== null && t.rich("valve.probeAt", { at: momentPart(valve.probeAt) })}
            </Text>
            {valve.lastError !== null && (
              <Code block lang="en">
                {valve.lastError}
              </Code>
            )}
            <OpenValve subscription={subscription} what="valve" />
          </Stack>
        </Alert>
      )}
    </>
  );
}
