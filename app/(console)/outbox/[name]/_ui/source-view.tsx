"use client";
import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { LIVE } from "../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { PageHeader } from "../../../../_ui/page-header.tsx";
import { QueryView } from "../../../../_ui/query-view.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { CodeText } from "../../../_registry/_ui/code-text.tsx";
import classes from "../../../_registry/_ui/columns.module.css";
import { DetailSkeleton } from "../../../_registry/_ui/list-skeleton.tsx";
import { SourceDdl } from "../../_ui/source-ddl.tsx";
import { specOf } from "../../_ui/source-shape.ts";
import { StandingBadge } from "../../_ui/standing-badge.tsx";
import { TestSource } from "../../_ui/test-source.tsx";
import { EditSource } from "./edit-source.tsx";
import { PauseSource } from "./pause-source.tsx";
import { RefusedRows } from "./refused-rows.tsx";
import { RemoveSource } from "./remove-source.tsx";
import { SourceAlerts } from "./source-alerts.tsx";
import { SourceDeclared, SourceNow } from "./source-facts.tsx";

/** One source: whether it is collected, how far behind it is, which rows it cannot give away, what it declares. */
export function SourceView({ name }: { name: string }) {
  const t = useTranslations("outbox");
  const trpc = useTRPC();
  // Once it is being removed it is not read any more: its page goes on to the list.
  const [leaving, setLeaving] = useState(false);
  const query = useQuery(trpc.sources.read.queryOptions({ name }, { ...LIVE, enabled: !leaving }));
  return (
    <Stack>
      <PageHeader
        title={
          <>
            {name} {query.data && <StandingBadge standing={query.data.standing} />}
          </>
        }
        description={t("pageDescription")}
        back={{ href: "/outbox", label: t("title") }}
        actions={
          query.data && (
            <>
              <PauseSource source={query.data} />
              <EditSource source={query.data} />
              <RemoveSource source={query.data} onLeaving={setLeaving} />
            </>
          )
        }
      />
      <QueryView query={query} skeleton={<DetailSkeleton />}>
        {(source) => (
          <Stack>
            <SourceAlerts source={source} />
            <div className={classes.columns}>
              <SourceNow source={source} />
              <SourceDeclared source={source} />
            </div>
            <Section title={t("test.title")}>
              <TestSource spec={specOf(source)} blocked={null} />
            </Section>
            <RefusedRows source={source} />
            <Section title={t("ddl")}>
              <SourceDdl kind={source.kind} layout={source.layout} />
            </Section>
            <Section title={t("file")}>
              <CodeText text={source.file.yaml} what="topology.yaml" />
            </Section>
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}
