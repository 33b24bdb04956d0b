"use client";
import { Anchor, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useTRPC } from "../../../_trpc/client.ts";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { useOperator } from "../../../_ui/operator-context.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { roleKey } from "../../../_ui/role-key.ts";
import { showDone, showFailed } from "../../../_ui/toasts.ts";
import { SessionList } from "../../account/_ui/session-list.tsx";
import { OperatorActions } from "./operator-actions.tsx";
import type { OperatorItem, Ways } from "./operator-item.ts";
import { OperatorStatusBadge } from "./operator-status.tsx";

interface Peek {
  operator: OperatorItem;
  all: readonly OperatorItem[];
  ways: Ways;
}

/** One operator beside the list: the account, what can be done with it, where it is signed in. */
export function OperatorPeek({ operator, all, ways }: Peek) {
  const t = useTranslations();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { sessionId } = useOperator();
  const account = useQuery(trpc.operators.read.queryOptions({ id: operator.id }));
  const end = useMutation(
    trpc.operators.endSession.mutationOptions({
      onSuccess: () => showDone({ message: t("account.sessions.ended") }),
      onError: (error) => showFailed(error, t("account.sessions.notEnded")),
      onSettled: () =>
        Promise.all([
          queries.invalidateQueries(trpc.operators.read.queryFilter()),
          queries.invalidateQueries(trpc.operators.list.queryFilter()),
        ]),
    }),
  );
  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
          {operator.username}
        </Title>
        <div>
          <OperatorStatusBadge operator={operator} />
        </div>
      </Stack>
      <OperatorActions operator={operator} all={all} ways={ways} />
      <Facts>
        <Fact name={t("operators.columns.name")}>{operator.name}</Fact>
        <Fact name={t("operators.columns.role")}>{t(`roles.${roleKey(operator.role)}`)}</Fact>
        <Fact name={t("operators.columns.signIn")}>{t(`operators.signIn.${operator.signIn}`)}</Fact>
        {operator.suspendedReason !== null && (
          <Fact name={t("operators.suspendedReason")}>{operator.suspendedReason}</Fact>
        )}
        <Fact name={t("operators.columns.entered")}>
          {operator.lastSignInAt === null ? t("operators.never") : <Moment value={operator.lastSignInAt} />}
        </Fact>
        <Fact name={t("operators.columns.created")}>
          <Moment value={operator.createdAt} />
        </Fact>
      </Facts>
      <Anchor
        component={Link}
        size="sm"
        href={`/audit?${new URLSearchParams({ kind: "user", target: operator.id })}`}
      >
        {t("operators.history")}
      </Anchor>
      <Stack gap="xs">
        <Title order={3} size="h6">
          {t("account.sessions.title")}
        </Title>
        <Text size="xs" c="dimmed">
          {t("account.sessions.textOther")}
        </Text>
        <QueryView query={account} skeleton={<Skeleton height="4rem" />}>
          {({ sessions }) => (
            <SessionList
              sessions={sessions}
              own={sessionId}
              ending={end.isPending ? end.variables.sessionId : null}
              onEnd={(id) => end.mutate({ id: operator.id, sessionId: id })}
            />
          )}
        </QueryView>
      </Stack>
    </Stack>
  );
}
