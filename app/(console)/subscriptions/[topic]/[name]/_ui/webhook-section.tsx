"use client";
import { Group, Stack, Text } from "@mantine/core";
import { IconEye, IconRefresh } from "@tabler/icons-react";
import { useFormatter, useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { WebhookSettings } from "@/server/domain/subscription.ts";
import { CopyValue } from "../../../../../_ui/copy-value.tsx";
import { Fact, Facts } from "../../../../../_ui/facts.tsx";
import { GatedButton } from "../../../../../_ui/gated-button.tsx";
import { momentPart } from "../../../../../_ui/rich-parts.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import { useMeasures } from "../../../../../_ui/use-measures.ts";
import type { SubscriptionDetail } from "../../../_ui/subscription-shape.ts";
import { TestWebhook } from "./test-webhook.tsx";

const WebhookSecret = dynamic(() => import("./webhook-secret.tsx").then((m) => m.WebhookSecret), {
  ssr: false,
});

interface WebhookProps {
  subscription: SubscriptionDetail;
  webhook: WebhookSettings;
}

/** Which address is called and how, with a try of it, and the secret that calls are signed with. */
export function WebhookSection({ subscription, webhook }: WebhookProps) {
  const t = useTranslations("subscriptions");
  const format = useFormatter();
  const { duration } = useMeasures();
  return (
    <Section title={t("webhook.title")} aside={<TestWebhook subscription={subscription} />}>
      <Facts>
        <Fact name={t("webhookUrl")}>
          <span className="mono">{webhook.url}</span>
          <CopyValue value={webhook.url} what={t("webhookUrl")} />
        </Fact>
        <Fact name={t("timeoutSeconds")}>{duration(webhook.timeoutSeconds * 1000)}</Fact>
        <Fact name={t("concurrency")}>{format.number(webhook.concurrency)}</Fact>
        <Fact name={t("webhook.secret")}>
          <Secret subscription={subscription} />
        </Fact>
      </Facts>
    </Section>
  );
}

const WISHES = [
  { wish: "show", icon: IconEye },
  { wish: "rotate", icon: IconRefresh },
] as const;

function Secret({ subscription }: { subscription: SubscriptionDetail }) {
  const t = useTranslations("subscriptions.webhook");
  const [asked, setAsked] = useState<{ wish: "show" | "rotate"; seen: number } | null>(null);
  const [opened, setOpened] = useState(false);
  const { secretVersion, secretRotatedAt } = subscription;
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <span>{t("version", { version: secretVersion })}</span>
        {WISHES.map(({ wish: one, icon: WishIcon }) => (
          <GatedButton
            key={one}
            permission="subscription.secret"
            data-action={`${one}-secret`}
            size="compact-xs"
            variant="default"
            leftSection={<WishIcon size={14} aria-hidden />}
            onClick={() => {
              setAsked({ wish: one, seen: secretVersion });
              setOpened(true);
            }}
          >
            {t(one)}
          </GatedButton>
        ))}
      </Group>
      {secretRotatedAt !== null && (
        <Text size="xs" c="dimmed">
          {t.rich("rotated", { at: momentPart(secretRotatedAt) })}
        </Text>
      )}
      {asked !== null && (
        <WebhookSecret
          key={asked.wish}
          {...asked}
          subscription={subscription}
          opened={opened}
          onClose={() => setOpened(false)}
        />
      )}
    </Stack>
  );
}
