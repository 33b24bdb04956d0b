"use client";
import { Group, Stack, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import { FreshMessages } from "./fresh-messages.tsx";
import { ListEmpty } from "./list-empty.tsx";
import { ListFailed } from "./list-failed.tsx";
import { ListPager } from "./list-pager.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";
import { MessageFilters } from "./message-filters.tsx";
import { MessageTable } from "./message-table.tsx";
import { useMessageList } from "./use-message-list.ts";

export function MessagesView({ apiPort }: { apiPort: number }) {
  const t = useTranslations("messages");
  const { query, rows, fresh } = useMessageList();
  // Each attempt of a query without data counts as pending again; what has failed is shown as failed until it succeeds.
  const failed = query.isError || (query.isPending && query.errorUpdateCount > 0);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h3">
          {t("title")}
        </Title>
      </Group>
      <MessageFilters />
      {failed && <ListFailed retry={() => void query.refetch()} />}
      {query.isPending && !failed && <ListSkeleton />}
      <FreshMessages count={fresh} />
      {query.data && rows.length > 0 && <MessageTable rows={rows} outdated={query.isPlaceholderData} />}
      {query.data && rows.length === 0 && <ListEmpty scanned={query.data.scanned} apiPort={apiPort} />}
      {query.data && <ListPager page={query.data} shown={rows.length} />}
    </Stack>
  );
}
