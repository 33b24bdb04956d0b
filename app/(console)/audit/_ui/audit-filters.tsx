"use client";
import { Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { FilterBar } from "../../../_table/filter-bar.tsx";
import { TimeRangeFilter } from "../../../_table/time-range-filter.tsx";
import { useTRPC } from "../../../_trpc/client.ts";
import { NO_FILTER, auditParams, isFiltered } from "../audit-params.ts";
import { useAuditWords } from "../../../_ui/use-audit-words.ts";

const SETTLE_MS = 300;

/** What narrows the log; all of it is in the address. */
export function AuditFilters() {
  const t = useTranslations("audit");
  const words = useAuditWords();
  const trpc = useTRPC();
  const [params, setParams] = useQueryStates(auditParams, { history: "push" });
  const facets = useQuery(trpc.audit.facets.queryOptions());
  const set = (part: Partial<typeof params>) => void setParams({ ...part, before: null });
  const listed = (all: readonly string[] | undefined, chosen: string | null) =>
    chosen === null || all?.includes(chosen) ? (all ?? []) : [chosen, ...(all ?? [])];
  const look = { size: "xs", clearable: true, searchable: true, w: "11rem" } as const;

  return (
    <FilterBar active={isFiltered(params)} clear={() => void setParams(NO_FILTER)}>
      <Select
        {...look}
        aria-label={t("filters.actor")}
        placeholder={t("anyone")}
        data={listed(facets.data?.actors, params.who)}
        value={params.who}
        onChange={(who) => set({ who })}
      />
      <Select
        {...look}
        w="13rem"
        aria-label={t("filters.action")}
        placeholder={t("anything")}
        data={listed(facets.data?.actions, params.action).map((value) => ({
          value,
          label: words.action(value),
        }))}
        value={params.action}
        onChange={(action) => set({ action })}
      />
      <Select
        {...look}
        w="9rem"
        searchable={false}
        aria-label={t("filters.kind")}
        placeholder={t("anyKind")}
        data={listed(facets.data?.targetKinds, params.kind).map((value) => ({
          value,
          label: words.kind(value),
        }))}
        value={params.kind}
        onChange={(kind) => set({ kind })}
      />
      <TextFilter
        key={`target ${params.target}`}
        label={t("filters.target")}
        value={params.target}
        onChange={(target) => set({ target })}
      />
      <TextFilter
        key={`text ${params.q}`}
        label={t("filters.text")}
        hint={t("filters.textHint")}
        value={params.q}
        onChange={(q) => set({ q })}
      />
      <TimeRangeFilter value={params} onChange={(range) => set(range)} />
    </FilterBar>
  );
}

/** Taken over a moment after the last key. Made anew when the address says something else. */
function TextFilter({
  label,
  hint,
  value,
  onChange,
}: {
  label: string;
  hint?: string;
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  const [typed, setTyped] = useState(value ?? "");
  const tell = useDebouncedCallback((text: string) => onChange(text.trim() || null), SETTLE_MS);
  return (
    <TextInput
      size="xs"
      w="12rem"
      aria-label={label}
      placeholder={label}
      title={hint}
      leftSection={<IconSearch size={15} aria-hidden />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}
