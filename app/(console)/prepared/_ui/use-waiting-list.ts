"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useHeldRows } from "../../../_table/use-held-rows.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { useHeldStates } from "../../messages/_ui/use-held-states.ts";
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

  return { query, rows: useHeldStates({ rows, held, fetched }, moveTo), tail, fresh, showFresh };
}
