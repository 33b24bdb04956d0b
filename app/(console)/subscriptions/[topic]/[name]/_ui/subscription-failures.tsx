"use client";
import { Anchor, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import { LIVE } from "../../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { Age } from "../../../../../_ui/age.tsx";
import { QueryView } from "../../../../../_ui/query-view.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import { PlainTable } from "../../../../_registry/_ui/plain-table.tsx";
import { recentOf } from "../../../../failures/_ui/regroup.ts";
import { SparkBars } from "../../../../failures/_ui/spark-bars.tsx";
import { failuresHref } from "../../../../failures/failure-params.ts";
import { type SubscriptionDetail, keyOf } from "../../../_ui/subscription-shape.ts";

/** Groups shown; the room of failures has them all. */
const SHOWN = 5;

/** Why its deliveries failed in the last 24 hours, what failed last first. */
export function SubscriptionFailures({ subscription }: { subscription: SubscriptionDetail }) {
  const t = useTranslations();
  const format = useFormatter();
  const trpc = useTRPC();
  const { topic, name } = subscription;
  const query = useQuery(trpc.failures.list.queryOptions({ span: "day", topic, subscription: name }, LIVE));
  return (
    <Section
      title={t("subscriptions.failures")}
      aside={
        <Anchor component={Link} href={failuresHref({ subscription: keyOf(subscription) })} size="sm">
          {t("subscriptions.allFailures")}
        </Anchor>
      }
    >
      <QueryView query={query} skeleton={<Skeleton height={90} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t("subscriptions.failuresNone")}
            </Text>
          ) : (
            <PlainTable
              caption={t("subscriptions.failures")}
              rows={items.slice(0, SHOWN)}
              rowKey={(group) => group.id}
              columns={[
                {
                  id: "error",
                  header: t("failures.columns.error"),
                  cell: (group) => (
                    <Anchor component={Link} href={`/failures/${group.id}`} size="sm" fw={600}>
                      {group.errorType}
                    </Anchor>
                  ),
                },
                {
                  id: "pattern",
                  header: t("failures.columns.pattern"),
                  cell: (group) => <span className="mono">{group.pattern}</span>,
                },
                {
                  id: "spark",
                  header: t("failures.columns.spark.day"),
                  cell: (group) => <SparkBars points={group.series.map(({ failures }) => failures)} />,
                },
                {
                  id: "recent",
                  header: t("failures.columns.recent"),
                  align: "end",
                  cell: (group) => format.number(recentOf(group)),
                },
                {
                  id: "last",
                  header: t("failures.columns.last"),
                  align: "end",
                  cell: (group) => <Age at={group.lastAt} />,
                },
              ]}
            />
          )
        }
      </QueryView>
    </Section>
  );
}
