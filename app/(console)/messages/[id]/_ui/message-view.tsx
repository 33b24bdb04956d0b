"use client";
import { Stack, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { LIVE } from "../../../../_live/refresh-live-queries.ts";
import { QueryView } from "../../../../_ui/query-view.tsx";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConsumersSection } from "./consumers/consumers-section.tsx";
import { MessageAlerts } from "./message-alerts.tsx";
import { MessageFacts } from "./message-facts.tsx";
import { MessageHeading } from "./message-heading.tsx";
import { MessageNeighbours } from "./message-neighbours.tsx";
import { MessageSkeleton } from "./message-skeleton.tsx";
import { MessageTimes } from "./message-times.tsx";
import classes from "./message-view.module.css";
import { PayloadSection } from "./payload/payload-section.tsx";
import { StateMap } from "./state-map/state-map.tsx";

export function MessageView({ id }: { id: string }) {
  const t = useTranslations("message");
  const trpc = useTRPC();
  const query = useQuery(trpc.messages.read.queryOptions({ id }, LIVE));
  return (
    <>
      {query.data === undefined && <VisuallyHidden component="h1">{t("title")}</VisuallyHidden>}
      <QueryView query={query} skeleton={<MessageSkeleton />}>
        {(message) => (
          <Stack>
            <MessageHeading message={message} />
            <MessageAlerts message={message} />
            <StateMap message={message} />
            <ConsumersSection message={message} />
            <div className={classes.columns}>
              <div>
                <MessageTimes message={message} />
                <PayloadSection key={message.id} message={message} />
              </div>
              <div>
                <MessageFacts message={message} />
                <MessageNeighbours message={message} />
              </div>
            </div>
          </Stack>
        )}
      </QueryView>
    </>
  );
}
