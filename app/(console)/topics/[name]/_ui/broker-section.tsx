"use client";
import { Alert, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconCloudOff, IconInfoCircle, IconMapQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "../../../../_trpc/client.ts";
import { QueryView } from "../../../../_ui/query-view.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { asCode } from "../../../../_ui/rich-parts.tsx";
import { BrokerFacts } from "./broker-facts.tsx";
import { MendTopic } from "./mend-topic.tsx";
import type { BrokerView, TopicDetail } from "./topic-detail.ts";

/** Kafka is asked this often while somebody looks, ms. */
const ASK_MS = 15_000;

/** What Kafka itself says of a topic, beside what is declared here. */
export function BrokerSection({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const query = useQuery(
    trpc.topics.inBroker.queryOptions({ name: topic.name }, { refetchInterval: ASK_MS, staleTime: ASK_MS }),
  );
  return (
    <Section title={t("broker")}>
      <QueryView query={query} skeleton={<Skeleton height={120} />}>
        {(view) => (
          <div data-broker={view.kind}>
            <View view={view} topic={topic} retry={() => void query.refetch()} />
          </div>
        )}
      </QueryView>
    </Section>
  );
}

function View({ view, topic, retry }: { view: BrokerView; topic: TopicDetail; retry: () => void }) {
  const t = useTranslations("topics");
  if (view.kind === "present") return <BrokerFacts view={view} topic={topic} />;
  if (view.kind === "not_asked")
    return (
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <IconInfoCircle size={18} aria-hidden style={{ flex: "none", marginTop: 2 }} />
        <Text size="sm" c="dimmed">
          {t.rich("brokerNotAsked", { name: asCode })}
        </Text>
      </Group>
    );
  if (view.kind === "missing")
    return (
      <Alert color="red" icon={<IconMapQuestion aria-hidden />} title={t("brokerMissing")}>
        <Stack gap="xs" align="flex-start">
          {t("brokerMissingText")}
          <MendTopic topic={topic} />
        </Stack>
      </Alert>
    );
  return (
    <Alert color="orange" icon={<IconCloudOff aria-hidden />} title={t("brokerSilent")}>
      <Group gap="sm">
        {t("brokerSilentText", { code: view.reason })}
        <Button size="compact-sm" variant="default" onClick={retry}>
          {t("askAgain")}
        </Button>
      </Group>
    </Alert>
  );
}
