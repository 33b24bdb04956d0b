"use client";
import { Stack } from "@mantine/core";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { DataTable } from "../../../_table/data-table.tsx";
import { FilterBar } from "../../../_table/filter-bar.tsx";
import { FreshRows } from "../../../_table/fresh-rows.tsx";
import { KeysetPager } from "../../../_table/keyset-pager.tsx";
import { useSelection } from "../../../_table/use-selection.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { NO_FILTER, PAGE_SIZE, isFiltered, messageParams } from "../message-params.ts";
import { ListEmpty } from "./list-empty.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";
import { useMessageColumns } from "./message-columns.tsx";
import { type MessageListItem, type MessageListPage, keyOfMessage } from "./message-list-item.ts";
import { PeekSkeleton } from "./peek-skeleton.tsx";
import { ScopeFilters } from "./scope-filters.tsx";
import { SelectionActions } from "./selection-actions.tsx";
import { StateChips } from "./state-chips.tsx";
import { useMessageList } from "./use-message-list.ts";

/** The panel's content comes with the first peek. */
const MessagePeek = dynamic(async () => (await import("./message-peek.tsx")).MessagePeek, {
  ssr: false,
  loading: PeekSkeleton,
});
const peekById = (id: string) => <MessagePeek key={id} id={id} />;

export function MessagesView() {
  const t = useTranslations("messages");
  const [params, setParams] = useQueryStates(messageParams, { history: "push", scroll: true });
  const address = useSearchParams();
  const back = useMemo(() => {
    const filter = new URLSearchParams(address);
    filter.delete("peek");
    return filter.size > 0 ? `?${filter}` : "";
  }, [address]);
  const columns = useMessageColumns();
  const [reading, setReading] = useState(false);
  const { selection, selectAmong } = useSelection<MessageListItem>(
    JSON.stringify({ ...params, before: null }),
  );
  const { query, rows, tail, fresh, showFresh } = useMessageList(reading || selection.size > 0);
  const selected = useMemo(() => new Set(selection.keys()), [selection]);
  const now = new Map(rows.map((row) => [row.id, row]));
  const chosen = [...selection.values()].map((message) => now.get(message.id) ?? message);
  const actions = <SelectionActions messages={chosen} />;

  return (
    <Stack gap="xs">
      <PageHeader title={t("title")} actions={<ScopeFilters />} />
      <FilterBar active={isFiltered(params)} clear={() => void setParams(NO_FILTER)}>
        <StateChips />
      </FilterBar>
      <FreshRows count={fresh} pageSize={PAGE_SIZE} show={showFresh} />
      <QueryView query={query} skeleton={<ListSkeleton />}>
        {(newest) => {
          const page = tail ?? newest;
          return (
            <Stack gap="xs">
              <DataTable
                id="messages"
                caption={t("caption")}
                columns={columns}
                rows={rows}
                rowKey={keyOfMessage}
                rowHref={(message) => `/messages/${message.id}${back}`}
                peek={(message) => peekById(message.id)}
                absent={{ peek: peekById, href: (id) => `/messages/${id}${back}` }}
                selection={{ selected, onChange: (keys) => selectAmong(keys, rows) }}
                bulk={() => actions}
                outdated={query.isPlaceholderData}
                onBusy={setReading}
                empty={<ListEmpty scanned={page.scanned} />}
              />
              <KeysetPager
                newest={params.before === null ? null : () => void setParams({ before: null })}
                older={page.nextBefore === null ? null : () => void setParams({ before: page.nextBefore })}
                olderLabel={page.scanned === null ? undefined : t("searchOn")}
                note={<Extent page={page} shown={rows.length} />}
              />
            </Stack>
          );
        }}
      </QueryView>
    </Stack>
  );
}

/** How far this page looked: a page that is short because the search stopped says so. */
function Extent({ page, shown }: { page: MessageListPage; shown: number }) {
  const t = useTranslations("messages");
  if (page.scanned !== null) return t("scanned", { count: page.scanned });
  return page.nextBefore === null && shown > 0 ? t("end") : null;
}
