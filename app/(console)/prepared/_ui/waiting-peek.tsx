"use client";
import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { CopyValue } from "../../../_ui/copy-value.tsx";
import { MessageStateBadge } from "../../../_ui/message-state-badge.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { MessageActions } from "../../messages/[id]/_ui/actions/message-actions.tsx";
import { MessageAlerts } from "../../messages/[id]/_ui/message-alerts.tsx";
import { MessageFacts } from "../../messages/[id]/_ui/message-facts.tsx";
import { MessageTimes } from "../../messages/[id]/_ui/message-times.tsx";
import { PayloadSection } from "../../messages/[id]/_ui/payload/payload-section.tsx";
import { PeekSkeleton } from "../../messages/_ui/peek-skeleton.tsx";

/** A message beside its list: what its producer was asked and answered, and what can be done about it. */
export function WaitingPeek({ id }: { id: string }) {
  const t = useTranslations("messages");
  const trpc = useTRPC();
  const query = useQuery(trpc.messages.read.queryOptions({ id }, LIVE));
  return (
    <QueryView query={query} skeleton={<PeekSkeleton />}>
      {(message) => (
        <Stack gap="sm">
          <Group gap="xs">
            <MessageStateBadge state={message.state} />
            <Text size="xs" className="mono">
              {id}
            </Text>
            <CopyValue value={id} what={t("columns.id")} />
          </Group>
          <Group gap="xs">
            <MessageActions message={message} />
          </Group>
          <MessageAlerts message={message} />
          <MessageTimes message={message} />
          <MessageFacts message={message} />
          <PayloadSection message={message} />
        </Stack>
      )}
    </QueryView>
  );
}
