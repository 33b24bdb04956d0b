"use client";
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { CopyValue } from "../../../_ui/copy-value.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { Section } from "../../../_ui/section.tsx";
import { TimeAxis } from "../../../_ui/time-axis.tsx";
import { DeliveryActions } from "../../_deliveries/_ui/delivery-actions.tsx";
import { DeliveryFailure } from "../../_deliveries/_ui/delivery-failure.tsx";
import type { DeliveryKey } from "../../_deliveries/_ui/delivery-shape.ts";
import { DeliveryStateBadge } from "../../_deliveries/_ui/delivery-state-badge.tsx";
import { deliveryEntries } from "../../_deliveries/_ui/delivery-entries.ts";
import { PayloadDiff } from "../../_deliveries/_ui/payload-diff.tsx";
import { useDeliveryWords } from "../../_deliveries/_ui/use-delivery-words.tsx";
import { MessageFacts } from "../../messages/[id]/_ui/message-facts.tsx";
import { PayloadSection } from "../../messages/[id]/_ui/payload/payload-section.tsx";
import { PeekSkeleton } from "../../messages/_ui/peek-skeleton.tsx";

/** A delivery beside its list: why it failed, each attempt, what it holds, and how that differs from what went well. */
export function DeadLetterPeek(key: DeliveryKey) {
  const t = useTranslations("deadLetters");
  const trpc = useTRPC();
  const { messageId, subscriptionId } = key;
  const message = useQuery(trpc.messages.read.queryOptions({ id: messageId }, LIVE));
  const words = useDeliveryWords();
  return (
    <QueryView query={message} skeleton={<PeekSkeleton />}>
      {(read) => {
        const delivery = read.deliveries.find((one) => one.subscriptionId === subscriptionId);
        if (delivery === undefined) return <Text size="sm">{t("gone")}</Text>;
        return (
          <Stack gap="sm">
            <Group gap="xs">
              <DeliveryStateBadge state={delivery.state} />
              <Text size="xs" className="mono">
                {messageId}
              </Text>
              <CopyValue value={messageId} what={t("columns.message")} />
            </Group>
            <Group gap="xs">
              <DeliveryActions delivery={delivery} />
              <Button
                component={Link}
                href={`/messages/${messageId}/edit`}
                size="xs"
                variant="default"
                leftSection={<IconPencil size={15} aria-hidden />}
              >
                {t("edit")}
              </Button>
            </Group>
            <DeliveryFailure delivery={delivery} />
            <Section title={t("attemptsTitle")}>
              <TimeAxis entries={deliveryEntries(delivery).map((entry) => ({ ...entry, ...words(entry) }))} />
            </Section>
            <PayloadDiff delivery={delivery} />
            <PayloadSection message={read} />
            <MessageFacts message={read} />
          </Stack>
        );
      }}
    </QueryView>
  );
}
