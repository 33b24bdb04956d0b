"use client";
import { Stack } from "@mantine/core";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { DataTable } from "../../../_table/data-table.tsx";
import { FilterBar } from "../../../_table/filter-bar.tsx";
import { FreshRows } from "../../../_table/fresh-rows.tsx";
import { KeysetPager } from "../../../_table/keyset-pager.tsx";
import { useSelection } from "../../../_table/use-selection.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { ActOn } from "../../_deliveries/_ui/act-on.tsx";
import { ActOnAll } from "../../_deliveries/_ui/act-on-all.tsx";
import type { ActVerb } from "../../_deliveries/_ui/delivery-shape.ts";
import { ListSkeleton } from "../../messages/_ui/list-skeleton.tsx";
import { PeekSkeleton } from "../../messages/_ui/peek-skeleton.tsx";
import {
  NO_DEAD_LETTER_FILTER,
  PAGE_SIZE,
  deadLetterParams,
  isNarrowed,
  readKey,
  toScope,
  writeKey,
} from "../dead-letter-params.ts";
import { useDeadLetterColumns } from "./dead-letter-columns.tsx";
import { DeadLettersEmpty } from "./dead-letters-empty.tsx";
import { DeliveryChips, GroupFilter, ScopeFilters, useDeliveryCount } from "./dead-letter-filters.tsx";
import { type DeadLetter, keyOfRow } from "./dead-letter-item.ts";
import { useDeadLetters } from "./use-dead-letters.ts";

const DeadLetterPeek = dynamic(async () => (await import("./dead-letter-peek.tsx")).DeadLetterPeek, {
  ssr: false,
  loading: PeekSkeleton,
});

function peekAt(id: string) {
  const key = readKey(id);
  return key === null ? null : <DeadLetterPeek key={id} {...key} />;
}

/** What can be done with the deliveries in a state. */
const VERBS: Record<DeadLetter["state"], readonly ActVerb[]> = {
  DEAD: ["redrive", "discard"],
  WAITING: ["retry_now", "discard"],
  PENDING: ["discard"],
  ACKED: [],
  DISCARDED: [],
};

/** What was given up: why, after how many attempts, and the ways to deliver it anew or to give it up for good. */
export function DeadLettersView() {
  const t = useTranslations("deadLetters");
  const [params, setParams] = useQueryStates(deadLetterParams, { history: "push", scroll: true });
  const columns = useDeadLetterColumns(params.state === "WAITING" || params.state === "PENDING");
  const [reading, setReading] = useState(false);
  const { selection, selectAmong, clear } = useSelection<DeadLetter>(
    JSON.stringify({ ...params, after: null }),
  );
  const { query, rows, tail, fresh, showFresh } = useDeadLetters(reading || selection.size > 0);
  const selected = useMemo(() => new Set(selection.keys()), [selection]);
  const verbs = VERBS[params.state];
  const keys = [...selection.values()].map(({ messageId, subscriptionId }) => ({
    messageId,
    subscriptionId,
  }));
  const actions = verbs.map((verb) => (
    <ActOn
      key={verb}
      verb={verb}
      which={{ keys }}
      label={t(`selected.${verb}`, { count: keys.length })}
      size="compact-sm"
      action={`${verb}-selected`}
      onDone={clear}
    />
  ));

  return (
    <Stack gap="xs">
      <PageHeader title={t("title")} description={t("description")} actions={<ScopeFilters />} />
      <FilterBar active={isNarrowed(params)} clear={() => void setParams(NO_DEAD_LETTER_FILTER)}>
        <DeliveryChips />
        <GroupFilter />
        <ActOnMatching verbs={verbs} />
      </FilterBar>
      <FreshRows count={fresh} pageSize={PAGE_SIZE} show={showFresh} />
      <QueryView query={query} skeleton={<ListSkeleton />}>
        {(newest) => {
          const page = tail ?? newest;
          const { next } = page;
          return (
            <Stack gap="xs">
              <DataTable
                id={`deliveries-${params.state.toLowerCase()}`}
                caption={t("caption", { state: params.state })}
                columns={columns}
                rows={rows}
                rowKey={keyOfRow}
                rowHref={hrefOf}
                peek={(row) => peekAt(row.id)}
                absent={{ peek: peekAt, href: (id) => `/messages/${id.split(".")[0]}` }}
                selection={
                  verbs.length === 0
                    ? undefined
                    : { selected, onChange: (chosen) => selectAmong(chosen, rows) }
                }
                bulk={() => actions}
                outdated={query.isPlaceholderData}
                onBusy={setReading}
                empty={<DeadLettersEmpty scanned={page.scanned} />}
              />
              <KeysetPager
                newest={params.after === null ? null : () => void setParams({ after: null })}
                older={next === null ? null : () => void setParams({ after: writeKey(next) })}
                olderLabel={page.scanned === null ? undefined : t("searchOn")}
                note={
                  page.scanned !== null
                    ? t("scanned", { count: page.scanned })
                    : next === null && rows.length > 0
                      ? t("end")
                      : null
                }
              />
            </Stack>
          );
        }}
      </QueryView>
    </Stack>
  );
}

const hrefOf = (row: DeadLetter) => `/messages/${row.messageId}`;

/** Does something with everything that matches, where that can be counted. */
function ActOnMatching({ verbs }: { verbs: readonly ActVerb[] }) {
  const t = useTranslations("deadLetters");
  const [params] = useQueryStates(deadLetterParams);
  const { data: count, isPlaceholderData } = useDeliveryCount(params.state);
  if (count === undefined) return null;
  return verbs.map((verb) => (
    <ActOnAll
      key={verb}
      verb={verb}
      filter={toScope(params)}
      {...count}
      counting={isPlaceholderData}
      label={(said) => t(`all.${verb}`, { count: said })}
      size="compact-sm"
    />
  ));
}
