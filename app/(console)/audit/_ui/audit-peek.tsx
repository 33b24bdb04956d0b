"use client";
import { Anchor, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useTRPC } from "../../../_trpc/client.ts";
import { CopyValue } from "../../../_ui/copy-value.tsx";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { describeDevice } from "../../account/_ui/describe-device.ts";
import { type AuditDetail, hrefOfTarget } from "./audit-line.ts";
import { ChangeTable } from "./change-table.tsx";
import { useAuditWords } from "../../../_ui/use-audit-words.ts";

/** One line of the log with all it holds. */
export function AuditPeek({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.audit.read.queryOptions({ id }, { staleTime: Infinity }));
  return (
    <QueryView query={query} skeleton={<Skeleton height="20rem" />}>
      {(line) => <Line line={line} />}
    </QueryView>
  );
}

function Line({ line }: { line: AuditDetail }) {
  const t = useTranslations("audit");
  const words = useAuditWords();
  const device = describeDevice(line.userAgent);
  const href = hrefOfTarget(line);
  const why = (line.after as { why?: unknown } | null)?.why;
  const target = line.targetLabel ?? line.targetId;
  const lines = (part: Record<string, string>) => `/audit?${new URLSearchParams(part)}`;
  return (
    <Stack gap="lg">
      <div>
        <Text size="xs" c="dimmed">
          {t("detail.title", { id: line.id })}
        </Text>
        <Title order={2} size="h4">
          {words.action(line.action)}
          {typeof why === "string" && `: ${words.why(why)}`}
        </Title>
      </div>
      <Facts>
        <Fact name={t("detail.at")}>
          <Moment value={line.at} milliseconds />
        </Fact>
        <Fact name={t("detail.who")}>
          {line.actorName}
          {line.actorId === null && (
            <Text size="xs" c="dimmed">
              {t("detail.commandLine")}
            </Text>
          )}
        </Fact>
        <Fact name={t("detail.action")}>
          <span className="mono">{line.action}</span>
        </Fact>
        <Fact name={t("detail.target")}>
          <Group gap={6} wrap="nowrap" align="start">
            <span>
              {words.kind(line.targetKind)}{" "}
              {href === null ? (
                <span className="mono">{target}</span>
              ) : (
                <Anchor component={Link} href={href} className="mono" inherit>
                  {target}
                </Anchor>
              )}
            </span>
            <CopyValue value={line.targetId} what={t("detail.target")} />
          </Group>
        </Fact>
        <Fact name={t("detail.reason")}>{line.reason ?? <Dimmed>{t("detail.noReason")}</Dimmed>}</Fact>
        <Fact name={t("detail.from")}>
          <span className="mono">{line.ip ?? t("detail.unknown")}</span>
        </Fact>
        {line.userAgent !== null && (
          <Fact name={t("detail.userAgent")}>
            <span title={line.userAgent}>
              {device === null ? line.userAgent : `${device.browser} · ${device.system}`}
            </span>
          </Fact>
        )}
      </Facts>
      <ChangeTable before={line.before} after={line.after} />
      <Group gap="md">
        <Anchor component={Link} size="sm" href={lines({ kind: line.targetKind, target: line.targetId })}>
          {t("detail.sameTarget")}
        </Anchor>
        <Anchor component={Link} size="sm" href={lines({ who: line.actorName })}>
          {t("detail.sameActor", { name: line.actorName })}
        </Anchor>
      </Group>
    </Stack>
  );
}
