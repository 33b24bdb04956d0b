"use client";
import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { Age } from "../../../../../_ui/age.tsx";
import { Dimmed } from "../../../../../_ui/dimmed.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import { DeliveryActions } from "../../../../_deliveries/_ui/delivery-actions.tsx";
import type { DeliveryDetail } from "../../../../_deliveries/_ui/delivery-shape.ts";
import { DeliveryStateBadge } from "../../../../_deliveries/_ui/delivery-state-badge.tsx";
import { NextStep } from "../../../../_deliveries/_ui/next-step.tsx";
import { PlainTable } from "../../../../_registry/_ui/plain-table.tsx";
import { hrefOf } from "../../../../subscriptions/_ui/subscription-shape.ts";
import type { Message } from "../message-type.ts";

/** What became of the message at each of its consumers, and what can be done about it. */
export function ConsumersSection({ message }: { message: Message }) {
  const t = useTranslations("deliveries");
  const { deliveries, byOffset, topic } = message;
  const inBroker = message.state === "SENT" || message.state === "CONSUMED";
  if (deliveries.length === 0 && byOffset.length === 0 && !inBroker) return null;
  return (
    <Section title={t("section")}>
      <Stack gap="sm">
        {deliveries.length > 0 && (
          <PlainTable
            caption={t("section")}
            rows={deliveries}
            rowKey={({ subscriptionId }) => String(subscriptionId)}
            columns={[
              {
                id: "subscription",
                header: t("columns.subscription"),
                cell: (delivery) => <SubscriptionName delivery={delivery} topic={topic} />,
              },
              {
                id: "state",
                header: t("columns.state"),
                cell: ({ state }) => <DeliveryStateBadge state={state} />,
              },
              {
                id: "attempts",
                header: t("columns.attempts"),
                cell: ({ made, maxAttempts, drive }) => (
                  <>
                    {t("attemptsOf", { made, most: maxAttempts })}
                    {drive > 0 && (
                      <Text size="xs" c="dimmed">
                        {t("drives", { count: drive })}
                      </Text>
                    )}
                  </>
                ),
              },
              { id: "due", header: t("columns.due"), cell: (delivery) => <NextStep delivery={delivery} /> },
              { id: "since", header: t("columns.since"), cell: ({ movedAt }) => <Age at={movedAt} /> },
              {
                id: "why",
                header: t("columns.why"),
                cell: ({ error, reason }) => error?.type ?? reason ?? <Dimmed>{t("none")}</Dimmed>,
              },
              {
                id: "actions",
                header: t("columns.actions"),
                quiet: true,
                cell: (delivery) => (
                  <Group gap="xs" wrap="nowrap" justify="flex-end">
                    <DeliveryActions delivery={delivery} size="compact-xs" />
                  </Group>
                ),
              },
            ]}
          />
        )}
        {deliveries.length === 0 && byOffset.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("sectionNone")}
          </Text>
        )}
        {byOffset.length > 0 && (
          <Text size="sm" c="dimmed">
            {t("byOffset", { groups: byOffset.map(({ groupId }) => groupId).join(", ") })}
          </Text>
        )}
      </Stack>
    </Section>
  );
}

function SubscriptionName({ delivery, topic }: { delivery: DeliveryDetail; topic: string }) {
  const t = useTranslations("deliveries");
  const { subscription, subscriptionRemoved } = delivery;
  if (subscriptionRemoved)
    return (
      <>
        {subscription} <Dimmed>{t("removed")}</Dimmed>
      </>
    );
  return (
    <Anchor component={Link} href={hrefOf({ topic, name: subscription })} size="sm" fw={600}>
      {subscription}
    </Anchor>
  );
}
