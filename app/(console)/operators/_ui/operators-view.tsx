"use client";
import { Stack, TextInput } from "@mantine/core";
import { IconPlus, IconSearch, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { DataTable } from "../../../_table/data-table.tsx";
import { FilterBar } from "../../../_table/filter-bar.tsx";
import { useTRPC } from "../../../_trpc/client.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { AddOperator } from "./add-operator.tsx";
import { ListSkeleton } from "../../_registry/_ui/list-skeleton.tsx";
import { useOperatorColumns } from "./operator-columns.tsx";
import type { OperatorItem, Ways } from "./operator-item.ts";
import { OperatorPeek } from "./operator-peek.tsx";

const peekAmong = (all: readonly OperatorItem[], ways: Ways) => (operator: OperatorItem) => (
  <OperatorPeek key={operator.id} operator={operator} all={all} ways={ways} />
);
const idOf = ({ id }: OperatorItem) => id;

export function OperatorsView({ ways }: { ways: Ways }) {
  const t = useTranslations("operators");
  const trpc = useTRPC();
  const [find, setFind] = useQueryState("q", parseAsString.withDefault(""));
  const [adding, setAdding] = useState(false);
  const columns = useOperatorColumns();
  const query = useQuery(trpc.operators.list.queryOptions(undefined, { refetchInterval: 15_000 }));
  const word = find.trim().toLowerCase();

  return (
    <Stack gap="xs">
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          <GatedButton
            permission="operator.manage"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {t("add")}
          </GatedButton>
        }
      />
      <FilterBar active={find !== ""} clear={() => void setFind(null)}>
        <TextInput
          size="xs"
          w="16rem"
          maw="100%"
          aria-label={t("find")}
          placeholder={t("find")}
          leftSection={<IconSearch size={15} aria-hidden />}
          value={find}
          onChange={(event) => void setFind(event.currentTarget.value || null)}
        />
      </FilterBar>
      <QueryView query={query} skeleton={<ListSkeleton />}>
        {(all) => (
          <DataTable
            id="operators"
            caption={t("caption")}
            columns={columns}
            rows={all.filter(({ username, name }) => `${username} ${name}`.toLowerCase().includes(word))}
            rowKey={idOf}
            peek={peekAmong(all, ways)}
            empty={<EmptyState icon={IconUsers} title={t("noneTitle")} text={t("noneText")} />}
          />
        )}
      </QueryView>
      <AddOperator
        opened={adding}
        onClose={() => setAdding(false)}
        taken={(query.data ?? []).map(({ username }) => username)}
        ways={ways}
      />
    </Stack>
  );
}
