"use client";
import { Anchor, Text } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import { deadLetterTopicOf } from "@/server/domain/subscription.ts";
import { Age } from "../../../../../_ui/age.tsx";
import { Dimmed } from "../../../../../_ui/dimmed.tsx";
import { Fact, Facts } from "../../../../../_ui/facts.tsx";
import { Moment } from "../../../../../_ui/moment.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import { useMeasures } from "../../../../../_ui/use-measures.ts";
import { Rate } from "../../../../_registry/_ui/rate.tsx";
import { deadLettersHref } from "../../../../dead-letters/dead-letters-href.ts";
import { LagCount } from "../../../_ui/lag-count.tsx";
import { type SubscriptionDetail, isTracked, keyOf } from "../../../_ui/subscription-shape.ts";

const STATES = ["PENDING", "WAITING", "DEAD"] as const;

/** What waits, how fast it goes, how far behind the group is. */
export function SubscriptionNow({ subscription }: { subscription: SubscriptionDetail }) {
  const t = useTranslations();
  const { lag, rate } = subscription;
  return (
    <Section title={t("subscriptions.now")}>
      <Facts>
        {isTracked(subscription) ? (
          <>
            {STATES.map((state) => (
              <Fact key={state} name={t(`deliveries.states.${state}`)}>
                <Waiting subscription={subscription} state={state} />
              </Fact>
            ))}
            <Fact name={t("subscriptions.rate")}>
              <Rate perSecond={rate.acked} />
            </Fact>
            <Fact name={t("subscriptions.failing")}>
              <Rate perSecond={rate.failed + rate.dead} />
            </Fact>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {t(`subscriptions.modes.${subscription.ack}.hint`)}
          </Text>
        )}
        {subscription.ack !== "webhook" && (
          <>
            <Fact name={t("subscriptions.lag")}>
              <LagCount lag={lag?.records ?? null} />
            </Fact>
            {lag !== null && (
              <Fact name={t("subscriptions.seen")}>
                <Age at={lag.seenAt} />
              </Fact>
            )}
          </>
        )}
      </Facts>
    </Section>
  );
}

function Waiting({
  subscription,
  state,
}: {
  subscription: SubscriptionDetail;
  state: (typeof STATES)[number];
}) {
  const format = useFormatter();
  const waiting = subscription.waiting[state];
  if (waiting === null) return <Dimmed>0</Dimmed>;
  return (
    <>
      <Anchor component={Link} href={deadLettersHref({ state, subscription: keyOf(subscription) })} inherit>
        {format.number(waiting.count)}
      </Anchor>
      <Text span size="xs" c="dimmed" ms={6}>
        <Age at={waiting.oldest} />
      </Text>
    </>
  );
}

/** What it declares beside its retry schedule. */
export function SubscriptionDeclared({ subscription }: { subscription: SubscriptionDetail }) {
  const t = useTranslations("subscriptions");
  const format = useFormatter();
  const { duration } = useMeasures();
  const { ack, app, groupId, retry } = subscription;
  return (
    <Section title={t("declared")}>
      <Facts>
        <Fact name={t("mode")}>
          <span title={t(`modes.${ack}.hint`)}>{t(`modes.${ack}.name`)}</span>
        </Fact>
        <Fact name={t("app")}>
          {app === null ? (
            <Dimmed>{t("anyApp")}</Dimmed>
          ) : (
            <Anchor component={Link} href={`/apps/${encodeURIComponent(app)}`} inherit>
              {app}
            </Anchor>
          )}
        </Fact>
        {ack !== "webhook" && (
          <Fact name={t("group")}>
            <span className="mono">{groupId}</span>
          </Fact>
        )}
        {ack === "explicit" && (
          <>
            <Fact name={t("ackTimeoutSeconds")}>{duration(subscription.ackTimeoutSeconds * 1000)}</Fact>
            <Fact name={t("ordered")}>{t(subscription.ordered ? "orderedYes" : "orderedNo")}</Fact>
          </>
        )}
        {isTracked(subscription) && (
          <>
            <Fact name={t("ratePerSecond")}>
              {retry.ratePerSecond === null ? (
                <Dimmed>{t("unlimited")}</Dimmed>
              ) : (
                format.number(retry.ratePerSecond)
              )}
            </Fact>
            <Fact name={t("maxInFlight")}>{format.number(retry.maxInFlight)}</Fact>
            <Fact name={t("deadLetterTopic")}>
              {subscription.deadLetterTopic ? (
                <span className="mono">{deadLetterTopicOf(subscription)}</span>
              ) : (
                <Dimmed>{t("deadLetterNo")}</Dimmed>
              )}
            </Fact>
          </>
        )}
        <Fact name={t("createdAt")}>
          <Moment value={subscription.createdAt} />
        </Fact>
        <Fact name={t("updated")}>
          <Moment value={subscription.updatedAt} />
        </Fact>
      </Facts>
    </Section>
  );
}
