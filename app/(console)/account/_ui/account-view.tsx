"use client";
import { Anchor, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useTRPC } from "../../../_trpc/client.ts";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { useOperator } from "../../../_ui/operator-context.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { roleKey } from "../../../_ui/role-key.ts";
import { Section } from "../../../_ui/section.tsx";
import { showDone } from "../../../_ui/toasts.ts";
import { OwnSessions } from "./own-sessions.tsx";
import { PasswordForm } from "./password-form.tsx";

/** The own account: who one is, the password, where one is signed in. */
export function AccountView() {
  const t = useTranslations();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { username } = useOperator();
  const query = useQuery(trpc.account.read.queryOptions());
  const refresh = () => void queries.invalidateQueries(trpc.account.read.queryFilter());

  return (
    <Stack gap="md" maw="52rem">
      <PageHeader title={t("account.title")} description={t("account.description")} />
      <QueryView query={query} skeleton={<Skeleton height="24rem" />}>
        {({ operator, sessions }) => (
          <Stack gap="md">
            <Section
              title={t("account.profile")}
              aside={
                <Anchor component={Link} href="/account/permissions" size="sm">
                  {t("account.permissionsLink")}
                </Anchor>
              }
            >
              <Facts>
                <Fact name={t("account.username")}>{operator.username}</Fact>
                <Fact name={t("account.name")}>{operator.name}</Fact>
                <Fact name={t("account.role")}>{t(`roles.${roleKey(operator.role)}`)}</Fact>
                <Fact name={t("account.signIn")}>{t(`operators.signIn.${operator.signIn}`)}</Fact>
                <Fact name={t("account.since")}>
                  <Moment value={operator.createdAt} />
                </Fact>
              </Facts>
            </Section>
            <Section title={t("account.password.title")}>
              {operator.signIn === "password" ? (
                <PasswordForm
                  username={username}
                  submit={t("account.password.submit")}
                  onDone={(count) => {
                    showDone({ message: t("account.password.done", { count }) });
                    refresh();
                  }}
                />
              ) : (
                <Text size="sm">{t("account.password.byProvider")}</Text>
              )}
            </Section>
            <OwnSessions sessions={sessions} refresh={refresh} />
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}
