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
      <TextFilter label={t("filters.target")} value={params.target} onChange={(target) => set({ target })} />
      <TextFilter
        label={t("filters.text")}
        hint={t("filters.textHint")}
        value={params.q}
        onChange={(q) => set({ q })}
      />
      <TimeRangeFilter value={params} onChange={(range) => set(range)} />
    </FilterBar>
  );
}

/**
 * Taken over a moment after the last key. What the address says is shown when it is not what this field told it: an echo
 * of it would take away what was typed since.
 */
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
  /** The address's value when it was last looked at, and what it is to be as far as this field knows. */
  const [known, setKnown] = useState({ seen: value, told: value });
  if (value !== known.seen) {
    setKnown({ seen: value, told: value });
    if (value !== known.told) setTyped(value ?? "");
  }
  const tell = useDebouncedCallback((text: string) => {
    const told = text.trim() || null;
    setKnown(({ seen }) => ({ seen, told }));
    onChange(told);
  }, SETTLE_MS);
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
