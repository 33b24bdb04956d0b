"use client";
import { SegmentedControl, Select, Stack } from "@mantine/core";
import { IconFilterOff, IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
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
import { type KeyRow, useKeyColumns } from "./key-columns.tsx";
import { KEY_STATES, isShown, keyParams } from "./key-params.ts";
import { MakeKey } from "./make-key.tsx";

const keyOf = (row: KeyRow) => row.id;

/** All API keys: whose, for what, when last used. The keys themselves are stored nowhere. */
export function KeysView() {
  const t = useTranslations("keys");
  const trpc = useTRPC();
  const [params, setParams] = useQueryStates(keyParams, { history: "push" });
  const query = useQuery(trpc.keys.list.queryOptions(undefined, LIVE));
  const columns = useKeyColumns();
  const none = (
    <EmptyState icon={IconKey} title={t("emptyTitle")} text={t("emptyText")} action={<MakeKey />} />
  );
  return (
    <Stack>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={<MakeKey app={params.app ?? undefined} />}
      />
      <QueryView
        query={query}
        skeleton={<ListSkeleton />}
        empty={(keys) => (keys.length === 0 ? none : null)}
      >
        {(keys) => (
          <Stack gap="sm">
            <FilterBar
              active={params.app !== null || params.state !== "active"}
              clear={() => void setParams({ app: null, state: null })}
            >
              <SegmentedControl
                size="xs"
                aria-label={t("stateFilter")}
                value={params.state}
                onChange={(state) => void setParams({ state: state })}
                data={KEY_STATES.map((state) => ({ value: state, label: t(`filter.${state}`) }))}
              />
              <Select
                size="xs"
                aria-label={t("appFilter")}
                placeholder={t("anyApp")}
                clearable
                searchable
                value={params.app}
                onChange={(app) => void setParams({ app })}
                data={[
                  ...new Set([...keys.map((key) => key.app), ...(params.app ? [params.app] : [])]),
                ].toSorted()}
              />
            </FilterBar>
            <DataTable
              id="keys"
              caption={t("caption")}
              columns={columns}
              rows={keys.filter(
                (key) => isShown(key, params.state) && (params.app === null || key.app === params.app),
              )}
              rowKey={keyOf}
              empty={
                <EmptyState icon={IconFilterOff} title={t("noneTitle")} text={t(`none.${params.state}`)} />
              }
            />
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}
