"use client";
import { Stack } from "@mantine/core";
import { IconApps } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { DataTable } from "../../../_table/data-table.tsx";
import { useTRPC } from "../../../_trpc/client.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { ListSkeleton } from "../../_registry/_ui/list-skeleton.tsx";
import { type AppRow, useAppColumns } from "./app-columns.tsx";
import { CreateApp } from "./create-app.tsx";

const keyOf = (row: AppRow) => row.name;
const hrefOf = (row: AppRow) => `/apps/${encodeURIComponent(row.name)}`;

/** All apps: who has keys, who sends how much, whose prepared messages wait for a decision. */
export function AppsView() {
  const t = useTranslations("apps");
  const trpc = useTRPC();
  const query = useQuery(trpc.apps.list.queryOptions(undefined, LIVE));
  const columns = useAppColumns();
  const none = (
    <EmptyState icon={IconApps} title={t("emptyTitle")} text={t("emptyText")} action={<CreateApp />} />
  );
  return (
    <Stack>
      <PageHeader title={t("title")} description={t("description")} actions={<CreateApp />} />
      <QueryView
        query={query}
        skeleton={<ListSkeleton />}
        empty={(apps) => (apps.length === 0 ? none : null)}
      >
        {(apps) => (
          <DataTable
            id="apps"
            caption={t("caption")}
            columns={columns}
            rows={apps}
            rowKey={keyOf}
            rowHref={hrefOf}
          />
        )}
      </QueryView>
    </Stack>
  );
}
