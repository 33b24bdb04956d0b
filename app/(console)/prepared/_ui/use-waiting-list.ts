"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useHeldRows } from "../../../_table/use-held-rows.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { toWaitingInput, waitingParams } from "../waiting-params.ts";
import { type ShownItem, isBefore, keyOfWaiting, moveTo } from "./waiting-item.ts";

const NO_ROWS: ShownItem[] = [];

/**
 * The list that the address names: live at its top, held still while the reader is in the middle of it.
 * @param busy a row is looked at or rows are selected
 */
export function useWaitingList(busy: boolean) {
  const trpc = useTRPC();
  const [params] = useQueryStates(waitingParams);
  const input = toWaitingInput(params);
  const query = useQuery(
    trpc.prepared.list.queryOptions(input, { ...LIVE, placeholderData: keepPreviousData }),
  );
  const fetched: ShownItem[] = query.data?.items ?? NO_ROWS;
  const { rows, fresh, held, tail, showFresh } = useHeldRows({
    address: JSON.stringify(input),
    fetched,
    tail: query.data,
    settled: query.data !== undefined && !query.isPlaceholderData,
    busy,
    key: keyOfWaiting,
    above: isBefore,
  });

  // A held row may have been decided, or be due later by now: it is asked for where it is.
  const asked = (held ?? NO_ROWS).map(({ id, appId }) => ({ id, appId }));
  const states = useQuery(
    trpc.messages.states.queryOptions({ messages: asked }, { ...LIVE, enabled: held !== null }),
  );
  const patched = useMemo(() => {
    if (held === null || states.data === undefined) return rows;
    const answered = new Set(fetched.map(keyOfWaiting));
    return rows.map((row) =>
      answered.has(row.id) ? row : moveTo(row, states.data.get(row.id) ?? row.state),
    );
  }, [held, rows, fetched, states.data]);
  return { query, rows: patched, tail, fresh, showFresh };
}
