"use client";
import { Alert, Stack } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { LIVE } from "../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { MessageFacts } from "./message-facts.tsx";
import { MessageHeading } from "./message-heading.tsx";
import { MessageSkeleton } from "./message-skeleton.tsx";
import { MessageTimeline } from "./message-timeline.tsx";
import classes from "./message-view.module.css";
import { PayloadSection } from "./payload/payload-section.tsx";

export function MessageView({ id }: { id: string }) {
  const t = useTranslations("message");
  const trpc = useTRPC();
  const { data: message } = useQuery(trpc.messages.read.queryOptions({ id }, LIVE));
  if (message === undefined) return <MessageSkeleton />;
  return (
    <Stack>
      <MessageHeading message={message} />
      {message.heldAt !== null && (
        <Alert color="orange" icon={<IconPlayerPause aria-hidden />}>
          {t("held", { topic: message.topic, code: message.topicFault?.code ?? "?" })}
        </Alert>
      )}
      {message.reason !== null && (
        <Alert color="red" title={t("reason")}>
          {message.reason}
        </Alert>
      )}
      <div className={classes.columns}>
        <MessageFacts message={message} />
        <MessageTimeline message={message} />
      </div>
      <PayloadSection message={message} />
    </Stack>
  );
}
