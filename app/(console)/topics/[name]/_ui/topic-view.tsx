"use client";
import { Button, Stack } from "@mantine/core";
import { IconList } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { LIVE } from "../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { PageHeader } from "../../../../_ui/page-header.tsx";
import { QueryView } from "../../../../_ui/query-view.tsx";
import { Section } from "../../../../_ui/section.tsx";
import classes from "../../../_registry/_ui/columns.module.css";
import { DeclaredFile } from "../../../_registry/_ui/declared-file.tsx";
import { DetailSkeleton } from "../../../_registry/_ui/list-skeleton.tsx";
import { WaitingFacts } from "../../../_registry/_ui/waiting-facts.tsx";
import { TopicStateBadge } from "../../_ui/topic-state.tsx";
import { BrokerSection } from "./broker-section.tsx";
import { PauseTopic } from "./pause-topic.tsx";
import { SchemaSection } from "./schema-section.tsx";
import { TopicApps } from "./topic-apps.tsx";
import { TopicFault } from "./topic-fault.tsx";
import { TopicPaused } from "./topic-paused.tsx";
import { TopicPolicy } from "./topic-policy.tsx";
import { TopicSubscriptions } from "./topic-subscriptions.tsx";

/** One topic: whether its messages are sent, what goes through it, its policy, what Kafka has of it, its schema. */
export function TopicView({ name }: { name: string }) {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const query = useQuery(trpc.topics.read.queryOptions({ name }, LIVE));
  return (
    <Stack>
      <PageHeader
        title={
          <>
            {name} {query.data && <TopicStateBadge topic={query.data} />}
          </>
        }
        description={t("pageDescription")}
        back={{ href: "/topics", label: t("title") }}
        actions={
          <>
            <Button
              component={Link}
              href={`/messages?${new URLSearchParams({ topic: name })}`}
              variant="default"
              leftSection={<IconList size={16} aria-hidden />}
            >
              {t("messages")}
            </Button>
            {query.data && <PauseTopic topic={query.data} />}
          </>
        }
      />
      <QueryView query={query} skeleton={<DetailSkeleton />}>
        {(topic) => (
          <Stack>
            {topic.faultCode !== null && <TopicFault topic={topic} />}
            {topic.pausedAt !== null && <TopicPaused topic={topic} />}
            <div className={classes.columns}>
              <TopicPolicy topic={topic} />
              <Section title={t("now")}>
                <WaitingFacts flow={topic} filter={{ topic: topic.name }} />
              </Section>
            </div>
            <TopicSubscriptions topic={topic.name} />
            <BrokerSection topic={topic} />
            <TopicApps topic={topic} />
            <SchemaSection topic={topic} />
            <DeclaredFile appliedAt={topic.appliedAt} changedAt={topic.changedAt} file={topic.file} />
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}
