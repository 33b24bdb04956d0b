"use client";
import { Stack } from "@mantine/core";
import { IconFilterOff, IconHistory } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { DataTable } from "../../../_table/data-table.tsx";
import { FreshRows } from "../../../_table/fresh-rows.tsx";
import { KeysetPager } from "../../../_table/keyset-pager.tsx";
import { useHeldRows } from "../../../_table/use-held-rows.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { momentPart } from "../../../_ui/rich-parts.tsx";
import { PAGE_SIZE, auditParams, isFiltered, toAuditQuery } from "../audit-params.ts";
import { ListSkeleton } from "../../_registry/_ui/list-skeleton.tsx";
import { useAuditColumns } from "./audit-columns.tsx";
import { AuditFilters } from "./audit-filters.tsx";
import { type AuditLine, isAbove, keyOfLine } from "./audit-line.ts";
import { AuditPeek } from "./audit-peek.tsx";
import { ExportMenu } from "./export-menu.tsx";

const NO_LINES: AuditLine[] = [];
const peekById = (id: string) => <AuditPeek key={id} id={id} />;

export function AuditView() {
  const t = useTranslations("audit");
  const trpc = useTRPC();
  const [params, setParams] = useQueryStates(auditParams, { history: "push", scroll: true });
  const [reading, setReading] = useState(false);
  const columns = useAuditColumns();
  const input = toAuditQuery(params);
  const query = useQuery(trpc.audit.list.queryOptions(input, { ...LIVE, placeholderData: keepPreviousData }));
  const { rows, tail, fresh, showFresh } = useHeldRows({
    address: JSON.stringify(input),
    fetched: query.data?.lines ?? NO_LINES,
    tail: query.data,
    settled: query.data !== undefined && !query.isPlaceholderData,
    busy: reading,
    key: keyOfLine,
    above: isAbove,
  });

  return (
    <Stack gap="xs">
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={<ExportMenu params={params} />}
      />
      <AuditFilters />
      <FreshRows count={fresh} pageSize={PAGE_SIZE} show={showFresh} />
      <QueryView query={query} skeleton={<ListSkeleton />}>
        {(newest) => {
          const { next, scannedTo } = tail ?? newest;
          return (
            <Stack gap="xs">
              <DataTable
                id="audit"
                caption={t("caption")}
                columns={columns}
                rows={rows}
                rowKey={keyOfLine}
                peek={(line) => peekById(line.id)}
                absent={{ peek: peekById, href: (id) => `/audit?peek=${id}` }}
                outdated={query.isPlaceholderData}
                onBusy={setReading}
                empty={<NoLines filtered={isFiltered(params)} more={next !== null} />}
              />
              <KeysetPager
                newest={params.before === null ? null : () => void setParams({ before: null })}
                older={next === null ? null : () => void setParams({ before: next })}
                olderLabel={scannedTo === null ? undefined : t("searchOn")}
                note={<Extent scannedTo={scannedTo} end={next === null && rows.length > 0} />}
              />
            </Stack>
          );
        }}
      </QueryView>
    </Stack>
  );
}

function NoLines({ filtered, more }: { filtered: boolean; more: boolean }) {
  const t = useTranslations("audit");
  if (!filtered) return <EmptyState icon={IconHistory} title={t("emptyTitle")} text={t("emptyText")} />;
  return <EmptyState icon={IconFilterOff} title={t("noneTitle")} text={t(more ? "noneSoFar" : "noneText")} />;
}

/** How far this page looked: one that is short because looking for a text stopped says so. */
function Extent({ scannedTo, end }: { scannedTo: Date | null; end: boolean }) {
  const t = useTranslations("audit");
  if (scannedTo !== null) return t.rich("scanned", { time: momentPart(scannedTo) });
  return end ? t("end") : null;
}
