"use client";
import { Anchor, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useState } from "react";
import { LIVE } from "../../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { PageHeader } from "../../../../../_ui/page-header.tsx";
import { QueryView } from "../../../../../_ui/query-view.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import { CodeText } from "../../../../_registry/_ui/code-text.tsx";
import classes from "../../../../_registry/_ui/columns.module.css";
import { DetailSkeleton } from "../../../../_registry/_ui/list-skeleton.tsx";
import { StandingBadge } from "../../../_ui/standing-badge.tsx";
import { isTracked } from "../../../_ui/subscription-shape.ts";
import { EditSubscription } from "./edit-subscription.tsx";
import { LagSection } from "./lag-section.tsx";
import { PauseSubscription } from "./pause-subscription.tsx";
import { RemoveSubscription } from "./remove-subscription.tsx";
import { RetrySection } from "./retry-section.tsx";
import { SubscriptionAlerts } from "./subscription-alerts.tsx";
import { SubscriptionDeclared, SubscriptionNow } from "./subscription-facts.tsx";
import { SubscriptionFailures } from "./subscription-failures.tsx";
import { WebhookSection } from "./webhook-section.tsx";

/** One subscription: whether its consumers keep up, what they fail on, how that is delivered again, what it declares. */
export function SubscriptionView({ topic, name }: { topic: string; name: string }) {
  const t = useTranslations("subscriptions");
  const trpc = useTRPC();
  // Once it is being removed it is not read any more: its page goes on to the list.
  const [leaving, setLeaving] = useState(false);
  const query = useQuery(
    trpc.subscriptions.read.queryOptions({ topic, name }, { ...LIVE, enabled: !leaving }),
  );
  return (
    <Stack>
      <PageHeader
        title={
          <>
            {name} {query.data && <StandingBadge standing={query.data.standing} />}
          </>
        }
        description={t.rich("pageDescription", {
          topic: () => (
            <Anchor component={Link} href={`/topics/${encodeURIComponent(topic)}`} inherit underline="always">
              {topic}
            </Anchor>
          ),
        })}
        back={{ href: "/subscriptions", label: t("title") }}
        actions={
          query.data && (
            <>
              {isTracked(query.data) && <PauseSubscription subscription={query.data} />}
              <EditSubscription subscription={query.data} />
              <RemoveSubscription subscription={query.data} onLeaving={setLeaving} />
            </>
          )
        }
      />
      <QueryView query={query} skeleton={<DetailSkeleton />}>
        {(subscription) => (
          <Stack>
            <SubscriptionAlerts subscription={subscription} />
            <div className={classes.columns}>
              <SubscriptionNow subscription={subscription} />
              <SubscriptionDeclared subscription={subscription} />
            </div>
            <RetrySection subscription={subscription} />
            {subscription.webhook !== null && (
              <WebhookSection subscription={subscription} webhook={subscription.webhook} />
            )}
            {isTracked(subscription) && <SubscriptionFailures subscription={subscription} />}
            {subscription.ack !== "webhook" && <LagSection subscription={subscription} />}
            <Section title={t("file")}>
              <CodeText text={subscription.file.yaml} what="topology.yaml" />
            </Section>
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}
