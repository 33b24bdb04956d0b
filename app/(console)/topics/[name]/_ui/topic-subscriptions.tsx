"use client";
import { Anchor, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import { LIVE } from "../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { Age } from "../../../../_ui/age.tsx";
import { Dimmed } from "../../../../_ui/dimmed.tsx";
import { QueryView } from "../../../../_ui/query-view.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { PlainTable } from "../../../_registry/_ui/plain-table.tsx";
import { deadLettersHref } from "../../../dead-letters/dead-letters-href.ts";
import { CreateSubscription } from "../../../subscriptions/_ui/create-subscription.tsx";
import { LagCount } from "../../../subscriptions/_ui/lag-count.tsx";
import { StandingBadge } from "../../../subscriptions/_ui/standing-badge.tsx";
import {
  type SubscriptionRow,
  hrefOf,
  isTracked,
  keyOf,
  oldestOf,
} from "../../../subscriptions/_ui/subscription-shape.ts";

/** Who consumes a topic, and what each has not done yet. */
export function TopicSubscriptions({ topic }: { topic: string }) {
  const t = useTranslations("subscriptions");
  const trpc = useTRPC();
  const query = useQuery(trpc.subscriptions.list.queryOptions(undefined, LIVE));
  return (
    <Section title={t("topicTitle")} aside={<CreateSubscription topic={topic} size="xs" />}>
      <QueryView query={query} skeleton={<Skeleton height={60} />}>
        {(all) => <Subscriptions rows={all.filter((row) => row.topic === topic)} />}
      </QueryView>
    </Section>
  );
}

function Subscriptions({ rows }: { rows: readonly SubscriptionRow[] }) {
  const t = useTranslations("subscriptions");
  const format = useFormatter();
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t("topicNone")}
      </Text>
    );
  const counted = (row: SubscriptionRow, state: "PENDING" | "WAITING" | "DEAD") => {
    const waiting = row.waiting[state];
    if (!isTracked(row)) return <Dimmed>{t("none")}</Dimmed>;
    if (waiting === null) return <Dimmed>0</Dimmed>;
    return (
      <Anchor component={Link} href={deadLettersHref({ state, subscription: keyOf(row) })} size="sm">
        {format.number(waiting.count)}
      </Anchor>
    );
  };
  return (
    <PlainTable
      caption={t("topicTitle")}
      rows={rows}
      rowKey={(row) => row.name}
      columns={[
        {
          id: "name",
          header: t("name"),
          cell: (row) => (
            <Anchor component={Link} href={hrefOf(row)} size="sm" fw={600}>
              {row.name}
            </Anchor>
          ),
        },
        { id: "state", header: t("state"), cell: (row) => <StandingBadge standing={row.standing} /> },
        { id: "mode", header: t("mode"), cell: (row) => t(`modes.${row.ack}.name`) },
        { id: "pending", header: t("pending"), align: "end", cell: (row) => counted(row, "PENDING") },
        { id: "waiting", header: t("waiting"), align: "end", cell: (row) => counted(row, "WAITING") },
        { id: "dead", header: t("dead"), align: "end", cell: (row) => counted(row, "DEAD") },
        {
          id: "lag",
          header: t("lag"),
          align: "end",
          cell: (row) => <LagCount lag={row.lag?.records ?? null} />,
        },
        {
          id: "oldest",
          header: t("oldest"),
          align: "end",
          cell: (row) => {
            const oldest = oldestOf(row);
            return oldest === null ? <Dimmed>{t("none")}</Dimmed> : <Age at={oldest} />;
          },
        },
      ]}
    />
  );
}
