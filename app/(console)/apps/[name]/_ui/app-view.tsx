"use client";
import { Button, Stack } from "@mantine/core";
import { IconList } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { LIVE } from "../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { PageHeader } from "../../../../_ui/page-header.tsx";
import { QueryView } from "../../../../_ui/query-view.tsx";
import { Section } from "../../../../_ui/section.tsx";
import classes from "../../../_registry/_ui/columns.module.css";
import { DeclaredFile } from "../../../_registry/_ui/declared-file.tsx";
import { DetailSkeleton } from "../../../_registry/_ui/list-skeleton.tsx";
import { WaitingFacts } from "../../../_registry/_ui/waiting-facts.tsx";
import { AppFacts } from "./app-facts.tsx";
import { AppKeys } from "./app-keys.tsx";
import { AppTopics } from "./app-topics.tsx";
import { CheckSection } from "./check-section.tsx";
import { EditApp } from "./edit-app.tsx";

/** One app: whom to call, what goes through it, its keys, its topics. */
export function AppView({ name }: { name: string }) {
  const t = useTranslations("apps");
  const trpc = useTRPC();
  const query = useQuery(trpc.apps.read.queryOptions({ name }, LIVE));
  return (
    <Stack>
      <PageHeader
        title={name}
        description={t("pageDescription")}
        back={{ href: "/apps", label: t("title") }}
        actions={
          <>
            <Button
              component={Link}
              href={`/messages?${new URLSearchParams({ app: name })}`}
              variant="default"
              leftSection={<IconList size={16} aria-hidden />}
            >
              {t("messages")}
            </Button>
            {query.data && <EditApp app={query.data} />}
          </>
        }
      />
      <QueryView query={query} skeleton={<DetailSkeleton />}>
        {(app) => (
          <Stack>
            <div className={classes.columns}>
              <AppFacts app={app} />
              <Section title={t("now")}>
                <WaitingFacts flow={app} filter={{ app: app.name }} />
              </Section>
            </div>
            <CheckSection app={app} />
            <AppKeys app={app} />
            <AppTopics app={app} />
            <DeclaredFile appliedAt={app.appliedAt} changedAt={app.changedAt} file={app.file} />
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}
