"use client";
import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Section } from "../../../../../_ui/section.tsx";
import { RetryPicture } from "../../../_ui/retry-picture.tsx";
import { type SubscriptionDetail, isTracked } from "../../../_ui/subscription-shape.ts";

/** When what fails is delivered again. */
export function RetrySection({ subscription }: { subscription: SubscriptionDetail }) {
  const t = useTranslations("subscriptions.retry");
  const { retry, webhook, ackTimeoutSeconds } = subscription;
  return (
    <Section title={t("title")}>
      {isTracked(subscription) ? (
        <RetryPicture
          schedule={retry}
          maxAttempts={retry.maxAttempts}
          timeoutSeconds={webhook?.timeoutSeconds ?? ackTimeoutSeconds}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {t("none")}
        </Text>
      )}
    </Section>
  );
}
