"use client";
import { Anchor, Skeleton, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPlay, IconPlayerStop, IconUser } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { Moment } from "../../../_ui/moment.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { codePart } from "../../../_ui/rich-parts.tsx";
import { Section } from "../../../_ui/section.tsx";
import { useAuditWords } from "../../../_ui/use-audit-words.ts";
import classes from "./changes.module.css";
import type { Change } from "./overview-data.ts";

/** What changed lately beside the messages: starts, stops, faults, operators' actions. */
export function Changes() {
  const t = useTranslations("overview");
  const trpc = useTRPC();
  const query = useQuery(trpc.overview.changes.queryOptions(undefined, LIVE));
  return (
    <Section
      title={t("changes")}
      aside={
        <Link href="/audit" prefetch={false} className={classes.all}>
          {t("toAudit")}
        </Link>
      }
    >
      <QueryView query={query} skeleton={<Skeleton height={200} />} empty={noneOf}>
        {(changes) => (
          <ol className={classes.list}>
            {changes.map((change) => (
              <ChangeRow key={JSON.stringify(change)} change={change} />
            ))}
          </ol>
        )}
      </QueryView>
    </Section>
  );
}

const noneOf = (changes: readonly Change[]) => (changes.length === 0 ? <NoChanges /> : null);

function NoChanges() {
  const t = useTranslations("overview");
  return <Text c="dimmed">{t("noChanges")}</Text>;
}

const ICONS = {
  action: IconUser,
  started: IconPlayerPlay,
  stopped: IconPlayerStop,
  topic_fault: IconAlertTriangle,
} as const;

function ChangeRow({ change }: { change: Change }) {
  const ChangeIcon = ICONS[change.kind];
  return (
    <li className={classes.row}>
      <ChangeIcon size={16} aria-hidden className={classes.icon} />
      <div>
        <ChangeText change={change} />
        <div className={classes.time}>
          <Moment value={change.at} />
        </div>
      </div>
    </li>
  );
}

function ChangeText({ change }: { change: Change }) {
  const t = useTranslations("overview.change");
  const format = useFormatter();
  const words = useAuditWords();
  if (change.kind === "topic_fault") return t("topicFault", { topic: change.topic, code: change.code });
  if (change.kind === "action")
    return (
      <>
        {t.rich("action", {
          actor: change.actor,
          action: words.action(change.action),
          target: targetPart(change.targetKind, change.target),
        })}
        {change.reason !== null && <div className={classes.reason}>{change.reason}</div>}
      </>
    );
  const kinds = format.list(
    change.kinds.map(({ kind, count }) => (count === 1 ? kind : t("kindCount", { kind, count }))),
  );
  return t(change.kind, { kinds, version: change.version });
}

/** What it was done to: a message leads to its page. */
const targetPart = (kind: string, target: string) =>
  kind === "message"
    ? () => (
        <Anchor component={Link} href={`/messages/${target}`} prefetch={false} className="mono">
          {target}
        </Anchor>
      )
    : codePart(target);
