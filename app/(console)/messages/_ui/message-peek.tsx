"use client";
import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { CopyAsCurl } from "../../../_ui/copy-as-curl.tsx";
import { CopyValue } from "../../../_ui/copy-value.tsx";
import { MessageStateBadge } from "../../../_ui/message-state-badge.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { useTRPC } from "../../../_trpc/client.ts";
import { MessageAlerts } from "../[id]/_ui/message-alerts.tsx";
import { MessageFacts } from "../[id]/_ui/message-facts.tsx";
import { MessageTimes } from "../[id]/_ui/message-times.tsx";
import { PayloadSection } from "../[id]/_ui/payload/payload-section.tsx";
import { PeekSkeleton } from "./peek-skeleton.tsx";

/** A message beside its list: where it stands, what happened, what it holds. */
export function MessagePeek({ id }: { id: string }) {
  const t = useTranslations();
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
            <CopyValue value={id} what={t("messages.columns.id")} />
            <CopyAsCurl request={{ method: "GET", path: `/v1/messages/${id}` }} />
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
