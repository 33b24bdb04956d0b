"use client";
import { Stack } from "@mantine/core";
import { IconDatabaseExport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { DataTable } from "../../../_table/data-table.tsx";
import { useTRPC } from "../../../_trpc/client.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { ListSkeleton } from "../../_registry/_ui/list-skeleton.tsx";
import { CreateSource } from "./create-source.tsx";
import { useSourceColumns } from "./source-columns.tsx";
import type { SourceRow } from "./source-shape.ts";

const keyOf = (row: SourceRow) => row.name;
const hrefOf = (row: SourceRow) => `/outbox/${encodeURIComponent(row.name)}`;

/** All local message tables: which are collected, how far behind each is, what is wrong with it. */
export function SourcesView() {
  const t = useTranslations("outbox");
  const trpc = useTRPC();
  const query = useQuery(trpc.sources.list.queryOptions(undefined, LIVE));
  const columns = useSourceColumns();
  const none = (
    <EmptyState
      icon={IconDatabaseExport}
      title={t("emptyTitle")}
      text={t("emptyText")}
      action={<CreateSource />}
    />
  );
  return (
    <Stack>
      <PageHeader title={t("title")} description={t("description")} actions={<CreateSource />} />
      <QueryView
        query={query}
        skeleton={<ListSkeleton />}
        empty={(sources) => (sources.length === 0 ? none : null)}
      >
        {(sources) => (
          <DataTable
            id="outbox"
            caption={t("caption")}
            columns={columns}
            rows={sources}
            rowKey={keyOf}
            rowHref={hrefOf}
          />
        )}
      </QueryView>
    </Stack>
  );
}
