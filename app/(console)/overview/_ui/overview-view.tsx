"use client";
import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { useOperator } from "../../../_ui/operator-context.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { Breakdown } from "./breakdown.tsx";
import { Changes } from "./changes.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { FlowSection } from "./flow-section.tsx";
import { Funnel } from "./funnel.tsx";
import type { OverviewData } from "./overview-data.ts";
import { OverviewShape } from "./overview-skeleton.tsx";
import classes from "./overview-view.module.css";
import { Verdict } from "./verdict.tsx";

/** As long as there was no message, there is nothing else to say. */
const firstStepsOf = ({ begun, health }: OverviewData) =>
  begun.message ? null : <FirstSteps begun={begun} health={health} />;

/** Is anything stuck, where, since when, who must act: from the top down, the most urgent first. */
export function OverviewView() {
  const t = useTranslations("overview");
  const trpc = useTRPC();
  const { permissions } = useOperator();
  const query = useQuery(trpc.overview.read.queryOptions(undefined, LIVE));
  return (
    <Stack gap="lg">
      <PageHeader title={t("title")} />
      <QueryView query={query} skeleton={<OverviewShape />} empty={firstStepsOf}>
        {(overview) => (
          <Stack gap="lg">
            <Verdict health={overview.health} steps={overview.steps} />
            <Funnel overview={overview} />
            <div className={classes.columns}>
              <FlowSection />
              {permissions.includes("audit.read") && <Changes />}
            </div>
            <Breakdown apps={overview.apps} topics={overview.topics} />
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}
