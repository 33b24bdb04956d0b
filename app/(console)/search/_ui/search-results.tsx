"use client";
import { Stack } from "@mantine/core";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import type { SearchQuery } from "@/server/domain/search-query.ts";
import { DataTable } from "../../../_table/data-table.tsx";
import { CopyAsCurl } from "../../../_ui/copy-as-curl.tsx";
import { ErrorState } from "../../../_ui/error-state.tsx";
import { useMessageColumns } from "../../messages/_ui/message-columns.tsx";
import { keyOfMessage } from "../../messages/_ui/message-list-item.ts";
import { PeekSkeleton } from "../../messages/_ui/peek-skeleton.tsx";
import { curlOfSearch } from "./curl-of-search.ts";
import { SearchEmpty } from "./search-empty.tsx";
import { SearchOutcome } from "./search-outcome.tsx";
import { SearchSkeleton } from "./search-skeleton.tsx";
import type { Names } from "./suggest-terms.ts";
import type { useSearch } from "./use-search.ts";

/** The panel's content comes with the first peek. */
const MessagePeek = dynamic(async () => (await import("../../messages/_ui/message-peek.tsx")).MessagePeek, {
  ssr: false,
  loading: PeekSkeleton,
});
const peekById = (id: string) => <MessagePeek key={id} id={id} />;

interface Props {
  search: ReturnType<typeof useSearch>;
  query: SearchQuery;
  names: Names;
  unmask: boolean;
  setUnmask: (unmask: boolean) => void;
  replace: (field: "app" | "topic", name: string) => void;
}

/** What the query found so far, and how complete that is. */
export function SearchResults({ search, query, names, unmask, setUnmask, replace }: Props) {
  const t = useTranslations("search");
  const columns = useMessageColumns();
  const { rows, last, looking } = search;
  const curl = curlOfSearch(query);
  const failed = search.query.isError && (
    <ErrorState
      error={search.query.error}
      retry={() => void (last === undefined ? search.query.refetch() : search.query.fetchNextPage())}
    />
  );
  if (last === undefined) return failed || <SearchSkeleton />;
  return (
    <Stack gap="xs">
      <SearchOutcome
        search={search}
        query={query}
        unmask={unmask}
        setUnmask={setUnmask}
        aside={curl && <CopyAsCurl request={curl} size="compact-xs" />}
      />
      {failed}
      <DataTable
        id="search"
        caption={t("caption")}
        columns={columns}
        rows={rows}
        rowKey={keyOfMessage}
        rowHref={(message) => `/messages/${message.id}`}
        peek={(message) => peekById(message.id)}
        absent={{ peek: peekById, href: (id) => `/messages/${id}` }}
        empty={looking ? <SearchSkeleton /> : <SearchEmpty last={last} names={names} replace={replace} />}
      />
    </Stack>
  );
}
