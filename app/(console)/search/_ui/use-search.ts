"use client";
import { useInfiniteQuery, useQueries, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useTimeZone } from "next-intl";
import { useEffect, useMemo, useState } from "react";
import type { SearchQuery } from "@/server/domain/search-query.ts";
import { windowOf } from "@/server/domain/search-window.ts";
import type { AppRouter } from "@/server/trpc/router.ts";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useTRPC, useTRPCClient } from "../../../_trpc/client.ts";
import { moveTo } from "../../messages/_ui/message-list-item.ts";
import { PAGE_SIZE, SCAN_BUDGET } from "../search-params.ts";

export type SearchPage = inferRouterOutputs<AppRouter>["search"]["find"];
export type SearchHit = SearchPage["items"][number];

const NO_PAGES: SearchPage[] = [];
/** Rows asked about in one call: their ids have to fit into an address. */
const STATES_AT_ONCE = 100;

/**
 * A search that goes on by itself, step by short step, until a page is full, everything has been seen, its budget is used
 * up or the reader stops it. What it has found stands still; states go on.
 *
 * @param q null: there is nothing to search for @param asked `q` as it is understood
 */
export function useSearch(q: string | null, asked: SearchQuery, unmask: boolean) {
  const client = useTRPCClient();
  const zone = useTimeZone() ?? "UTC";
  const queryClient = useQueryClient();
  const [run, setRun] = useState({ q, unmask });
  const [limits, setLimits] = useState(FIRST_PAGE);
  if (run.q !== q || run.unmask !== unmask) {
    setRun({ q, unmask });
    setLimits(FIRST_PAGE);
  }
  // The zone as far as it changes the question: another clock on the wall, or one that is told only when a browser's first
  // page stands already, must not take away the pages that were asked for.
  const queryKey = ["search", q, unmask, windowOf(asked, zone, 0)];

  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => {
      const input = { q: q!, zone, ...pageParam, limit: PAGE_SIZE };
      return unmask
        ? client.search.findUnmasked.mutate(input, { signal })
        : client.search.find.query(input, { signal });
    },
    initialPageParam: NEWEST,
    getNextPageParam: (page) =>
      page.nextBefore === null ? undefined : { before: page.nextBefore, at: page.at },
    enabled: q !== null,
    staleTime: Infinity,
    refetchOnReconnect: false,
  });
  const pages = query.data?.pages ?? NO_PAGES;
  const last = pages.at(-1);
  const sum = useMemo(
    () => ({
      scanned: pages.reduce((all, page) => all + page.scanned, 0),
      notJson: pages.reduce((all, page) => all + page.notJson, 0),
      sealed: pages.reduce((all, page) => all + page.sealed, 0),
    }),
    [pages],
  );
  const found = useMemo(() => pages.flatMap((page) => page.items), [pages]);

  const short = last !== undefined && last.nextBefore !== null && last.cut && found.length < limits.rows;
  const goesOn = short && !limits.stopped && sum.scanned < limits.scanned && !query.isError;
  const { fetchNextPage, isFetching } = query;
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage();
  }, [goesOn, isFetching, fetchNextPage]);

  return {
    query,
    rows: useCurrentStates(found),
    last,
    ...sum,
    looking: q !== null && (query.isPending || isFetching || goesOn) && !query.isError,
    /** Ended before a page was full and before everything was seen. */
    stopped: short && !goesOn && !isFetching,
    stop: () => setLimits({ ...limits, stopped: true }),
    goOn: () => {
      setLimits({ rows: found.length + PAGE_SIZE, scanned: sum.scanned + SCAN_BUDGET, stopped: false });
      void fetchNextPage();
    },
    again: () => {
      setLimits(FIRST_PAGE);
      void queryClient.resetQueries({ queryKey });
    },
  };
}

const NEWEST: { before: string | null; at: Date | null } = { before: null, at: null };
const FIRST_PAGE = { rows: PAGE_SIZE, scanned: SCAN_BUDGET, stopped: false };

/** Rows as found, with the states of their messages by now. */
function useCurrentStates(found: readonly SearchHit[]): SearchHit[] {
  const trpc = useTRPC();
  const groups = Array.from({ length: Math.ceil(found.length / STATES_AT_ONCE) }, (_, n) =>
    found.slice(n * STATES_AT_ONCE, (n + 1) * STATES_AT_ONCE).map(({ id, appId }) => ({ id, appId })),
  );
  const states = useQueries({
    queries: groups.map((messages) => trpc.messages.states.queryOptions({ messages }, LIVE)),
    combine: (answers) => answers.map((answer) => answer.data),
  });
  return useMemo(
    () =>
      found.map((hit, n) => moveTo(hit, states[Math.floor(n / STATES_AT_ONCE)]?.get(hit.id) ?? hit.state)),
    [found, states],
  );
}
