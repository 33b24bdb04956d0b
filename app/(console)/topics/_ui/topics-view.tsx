"use client";
import { Stack } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { DataTable } from "../../../_table/data-table.tsx";
import { useTRPC } from "../../../_trpc/client.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { ListSkeleton } from "../../_registry/_ui/list-skeleton.tsx";
import { CreateTopic } from "./create-topic.tsx";
import { type TopicRow, useTopicColumns } from "./topic-columns.tsx";

const keyOf = (row: TopicRow) => row.name;
const hrefOf = (row: TopicRow) => `/topics/${encodeURIComponent(row.name)}`;

/** All topics: which are held, which are paused, what goes through each. */
export function TopicsView() {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const query = useQuery(trpc.topics.declared.queryOptions(undefined, LIVE));
  const columns = useTopicColumns();
  const none = (
    <EmptyState icon={IconStack2} title={t("emptyTitle")} text={t("emptyText")} action={<CreateTopic />} />
  );
  return (
    <Stack>
      <PageHeader title={t("title")} description={t("description")} actions={<CreateTopic />} />
      <QueryView
        query={query}
        skeleton={<ListSkeleton />}
        empty={(topics) => (topics.length === 0 ? none : null)}
      >
        {(topics) => (
          <DataTable
            id="topics"
            caption={t("caption")}
            columns={columns}
            rows={topics}
            rowKey={keyOf}
            rowHref={hrefOf}
          />
        )}
      </QueryView>
    </Stack>
  );
}
