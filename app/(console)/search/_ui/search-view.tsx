"use client";
import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTimeZone, useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { useRef, useState } from "react";
import { parseSearch } from "@/server/domain/parse-search.ts";
import { printSearch } from "@/server/domain/print-search.ts";
import type { SearchField, SearchTerm } from "@/server/domain/search-query.ts";
import { fixTimes } from "@/server/domain/search-window.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { searchParams } from "../search-params.ts";
import { judgeQuery } from "./judge-query.ts";
import { QueryProblem } from "./query-problem.tsx";
import { rememberSearch } from "./recent-searches.ts";
import { SearchBox } from "./search-box.tsx";
import { SearchHelp } from "./search-help.tsx";
import { SearchPlan } from "./search-plan.tsx";
import { SearchResults } from "./search-results.tsx";
import { TermChips, prefixOf } from "./term-chips.tsx";
import { useSearch } from "./use-search.ts";

const NO_NAMES = { apps: [], topics: [] };
const FAULT = "search-fault";

/** The query of the address and what it finds; the box may hold another one that has not been run yet. */
export function SearchView() {
  const t = useTranslations("search");
  const trpc = useTRPC();
  const zone = useTimeZone() ?? "UTC";
  const [{ q, unmask }, setParams] = useQueryStates(searchParams, { history: "push" });
  const names = useQuery(trpc.messages.filterNames.queryOptions()).data ?? NO_NAMES;
  const input = useRef<HTMLInputElement>(null);

  const [box, setBox] = useState({ of: q, draft: q, refused: q !== "" });
  // The address moved: back, forward, a link.
  if (box.of !== q) setBox({ of: q, draft: q, refused: q !== "" });
  const { draft } = box;
  const judged = judgeQuery(draft, zone);
  const asked = judgeQuery(q, zone);
  const runnable = q.trim() !== "" && asked.problem === null;
  const search = useSearch(runnable ? q : null, asked.query, unmask);

  const change = (text: string) => setBox({ of: q, draft: text, refused: false });

  function run(text: string) {
    const { query, problem } = judgeQuery(text, zone);
    if (problem !== null) return setBox({ of: q, draft: text, refused: true });
    const next = printSearch(fixTimes(query, zone));
    setBox({ of: q, draft: next, refused: true });
    if (next !== "") rememberSearch(next);
    if (next === q) return next !== "" && search.again();
    // A narrower or another question: what was opened beside the list belongs to the last one.
    void setParams({ q: next || null, unmask: null });
    return undefined;
  }

  function begin(field: SearchField) {
    const text = `${draft.trimEnd()} ${prefixOf(field)}`.trimStart();
    change(text);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(text.length, text.length);
    });
  }

  const without = (term: SearchTerm) => draft.slice(0, term.at).trimEnd() + draft.slice(term.end);
  const faulty = judged.problem !== null && box.refused;
  return (
    <Stack gap="sm">
      <PageHeader title={t("title")} description={t("description")} />
      <Stack gap={6}>
        <SearchBox
          draft={draft}
          change={change}
          submit={run}
          names={names}
          input={input}
          faultId={faulty ? FAULT : null}
        />
        {faulty && <QueryProblem id={FAULT} text={draft} problem={judged.problem!} fix={run} />}
        <TermChips
          text={draft}
          terms={parseSearch(draft).terms}
          remove={(term) => run(without(term))}
          add={begin}
        />
        {draft.trim() !== q && judged.problem === null && <SearchPlan text={draft} query={judged.query} />}
      </Stack>
      {runnable ? (
        <SearchResults
          search={search}
          query={asked.query}
          names={names}
          unmask={unmask}
          setUnmask={(on) => void setParams({ unmask: on || null })}
          replace={(field, name) => run(printSearch({ ...asked.query, [field]: name }))}
        />
      ) : (
        !faulty && <SearchHelp names={names} run={run} />
      )}
    </Stack>
  );
}
