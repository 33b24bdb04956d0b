"use client";
import { Alert, Anchor, Code, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconBellOff, IconNote } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { LIVE } from "../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { Age } from "../../../../_ui/age.tsx";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { Moment } from "../../../../_ui/moment.tsx";
import { PageHeader } from "../../../../_ui/page-header.tsx";
import { QueryView } from "../../../../_ui/query-view.tsx";
import { agePart } from "../../../../_ui/rich-parts.tsx";
import { Section } from "../../../../_ui/section.tsx";
import classes from "../../../_registry/_ui/columns.module.css";
import { DetailSkeleton } from "../../../_registry/_ui/list-skeleton.tsx";
import type { FailureDetail } from "../../_ui/failure-shape.ts";
import { GroupMarks } from "../../_ui/group-marks.tsx";
import { recentOf } from "../../_ui/regroup.ts";
import { FAILURE_SPANS, failureParams } from "../../failure-params.ts";
import { FailureChart } from "./failure-chart.tsx";
import { GroupDeliveries } from "./group-deliveries.tsx";
import { IgnoreGroup } from "./ignore-group.tsx";
import { NoteGroup } from "./note-group.tsx";
import { WhyOneGroup } from "./why-one-group.tsx";

/** One group: how often it fails, why its failures are one, what is known of it, and the ways to its deliveries. */
export function GroupView({ id }: { id: string }) {
  const t = useTranslations("failures");
  const trpc = useTRPC();
  const [{ span }] = useQueryStates(failureParams);
  const query = useQuery(
    trpc.failures.read.queryOptions({ id, span }, { ...LIVE, placeholderData: keepPreviousData }),
  );
  const group = query.data;
  return (
    <Stack>
      <PageHeader
        back={{ href: "/failures", label: t("back") }}
        title={
          <>
            {group === undefined ? t("groupTitle") : group.errorType}{" "}
            {group !== undefined && <GroupMarks group={group} />}
          </>
        }
        description={group !== undefined && t.rich("of", { link: () => <SubscriptionLink group={group} /> })}
        actions={
          group !== undefined && (
            <>
              <NoteGroup group={group} />
              <IgnoreGroup group={group} />
            </>
          )
        }
      />
      <QueryView query={query} skeleton={<DetailSkeleton />}>
        {(read) => (
          <Stack>
            <Marks group={read} />
            <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {read.pattern === "" ? t("noText") : read.pattern}
            </Code>
            <div className={classes.columns}>
              <Over group={read} />
              <GroupDeliveries group={read} />
            </div>
            <WhyOneGroup group={read} />
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}

function SubscriptionLink({ group }: { group: FailureDetail }) {
  const t = useTranslations("failures");
  const href = `/subscriptions/${encodeURIComponent(group.topic)}/${encodeURIComponent(group.subscription)}`;
  return (
    <Anchor component={Link} href={href} inherit underline="always">
      {t("subscriptionOf", { subscription: group.subscription, topic: group.topic })}
    </Anchor>
  );
}

/** What operators said of it. */
function Marks({ group }: { group: FailureDetail }) {
  const t = useTranslations("failures");
  const { note, notedBy, ignored, ignoredAt, ignoredBy, ignoreUntilPerMinute } = group;
  return (
    <>
      {note !== null && (
        <Alert color="lake" role="note" icon={<IconNote aria-hidden />} title={t("note.label")}>
          <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
            {note}
          </Text>
          {notedBy !== null && (
            <Text size="xs" c="dimmed">
              {t("note.by", { by: notedBy })}
            </Text>
          )}
        </Alert>
      )}
      {ignoredAt !== null && (
        <Alert
          color={ignored ? "gray" : "orange"}
          role="note"
          icon={<IconBellOff aria-hidden />}
          title={t.rich("ignore.since", { by: ignoredBy ?? "?", age: agePart(ignoredAt) })}
        >
          {ignored
            ? t("ignore.text", {
                until: ignoreUntilPerMinute === null ? "no" : "yes",
                rate: ignoreUntilPerMinute ?? 0,
              })
            : t("ignoredOverHint")}
        </Alert>
      )}
    </>
  );
}

function Over({ group }: { group: FailureDetail }) {
  const t = useTranslations("failures");
  const format = useFormatter();
  const [{ span }, setParams] = useQueryStates(failureParams);
  return (
    <Section
      title={t("chart")}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t("span")}
          value={span}
          onChange={(value) => void setParams({ span: value })}
          data={FAILURE_SPANS.map((value) => ({ value, label: t(`spans.${value}`) }))}
        />
      }
    >
      <Stack gap="sm">
        <FailureChart points={group.series} span={span} />
        <Facts>
          <Fact name={t("inSpan")}>{format.number(recentOf(group))}</Fact>
          <Fact name={t("columns.all")}>{format.number(group.failures)}</Fact>
          <Fact name={t("columns.first")}>
            <Moment value={group.firstAt} />
          </Fact>
          <Fact name={t("columns.last")}>
            <Age at={group.lastAt} />
          </Fact>
        </Facts>
      </Stack>
    </Section>
  );
}
