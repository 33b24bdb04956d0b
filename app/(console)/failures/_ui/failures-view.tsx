"use client";
import { Button, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconSearchOff } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { DataTable } from "../../../_table/data-table.tsx";
import { FilterBar } from "../../../_table/filter-bar.tsx";
import { useTRPC } from "../../../_trpc/client.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { ListSkeleton } from "../../_registry/_ui/list-skeleton.tsx";
import {
  type FailureParams,
  NO_FAILURE_FILTER,
  failureParams,
  failuresHref,
  isNarrowed,
} from "../failure-params.ts";
import { useFailureColumns, useRegroupedColumns } from "./failure-columns.tsx";
import { FailureFilters, FailureView } from "./failure-filters.tsx";
import type { FailureGroup } from "./failure-shape.ts";
import { type Together, filterGroups, putTogether } from "./regroup.ts";

const keyOf = (group: FailureGroup) => group.id;
const hrefOf = (group: FailureGroup) => `/failures/${group.id}`;
const keyOfRow = (row: Together) => row.name ?? "";

/** Why deliveries fail: failures of one cause together, the most frequent first. */
export function FailuresView() {
  const t = useTranslations("failures");
  const trpc = useTRPC();
  const [params, setParams] = useQueryStates(failureParams, { history: "push" });
  const query = useQuery(
    trpc.failures.list.queryOptions({ span: params.span }, { ...LIVE, placeholderData: keepPreviousData }),
  );
  return (
    <Stack gap="xs">
      <PageHeader title={t("title")} description={t("description")} actions={<FailureView />} />
      <QueryView query={query} skeleton={<ListSkeleton />}>
        {({ items, more }) => (
          <Stack gap="xs">
            <FilterBar active={isNarrowed(params)} clear={() => void setParams(NO_FAILURE_FILTER)}>
              <FailureFilters groups={items} />
            </FilterBar>
            <Groups groups={filterGroups(items, params)} params={params} all={items.length} />
            {more && (
              <Text size="sm" c="dimmed">
                {t("more", { count: items.length })}
              </Text>
            )}
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}

function Groups(props: { groups: FailureGroup[]; params: FailureParams; all: number }) {
  const { groups, params, all } = props;
  const { by, span } = params;
  const t = useTranslations("failures");
  const columns = useFailureColumns(span);
  if (groups.length === 0) return <NoGroups params={params} all={all} />;
  if (by !== "cause") return <RegroupedTable groups={groups} by={by} params={params} />;
  return (
    <DataTable
      id="failures"
      caption={t("caption")}
      columns={columns}
      rows={groups}
      rowKey={keyOf}
      rowHref={hrefOf}
    />
  );
}

function RegroupedTable(props: {
  groups: FailureGroup[];
  by: Exclude<FailureParams["by"], "cause">;
  params: FailureParams;
}) {
  const { groups, by, params } = props;
  const t = useTranslations("failures");
  const columns = useRegroupedColumns(by, params.span);
  return (
    <DataTable
      id={`failures-by-${by}`}
      caption={t("captionBy", { by })}
      columns={columns}
      rows={putTogether(groups, by)}
      rowKey={keyOfRow}
      rowHref={(row) => (row.name === null ? "/failures" : failuresHref({ [by]: row.name }))}
    />
  );
}

function NoGroups({ params, all }: { params: FailureParams; all: number }) {
  const t = useTranslations("failures");
  const [, setParams] = useQueryStates(failureParams, { history: "push" });
  if (all === 0) return <EmptyState icon={IconCircleCheck} title={t("emptyTitle")} text={t("emptyText")} />;
  return (
    <EmptyState
      icon={params.show === "open" && !isNarrowed(params) ? IconCircleCheck : IconSearchOff}
      title={t(params.show === "ignored" ? "noneIgnored" : "noneOpen")}
      text={t("noneText", { count: all })}
      action={
        <Button variant="default" onClick={() => void setParams({ ...NO_FAILURE_FILTER, show: "all" })}>
          {t("showAll")}
        </Button>
      }
    />
  );
}
