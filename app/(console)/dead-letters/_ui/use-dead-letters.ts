"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useHeldRows } from "../../../_table/use-held-rows.ts";
import { useMovedRows } from "../../../_table/use-moved-rows.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { deadLetterParams, toListInput } from "../dead-letter-params.ts";
import { type DeadLetter, isAbove, keyOfRow, moveTo, toRow } from "./dead-letter-item.ts";

const NO_ROWS: DeadLetter[] = [];
const NONE: never[] = [];

/**
 * The list that the address names: live at its top, held still with its states patched while the reader is in the middle
 * of it. @param busy a row is looked at or rows are selected
 */
export function useDeadLetters(busy: boolean) {
  const trpc = useTRPC();
  const [params] = useQueryStates(deadLetterParams);
  const input = toListInput(params);
  const query = useQuery(
    trpc.deliveries.list.queryOptions(input, { ...LIVE, placeholderData: keepPreviousData }),
  );
  const fetched = useMemo(() => query.data?.items.map(toRow) ?? NO_ROWS, [query.data]);
  const { rows, fresh, held, tail, showFresh } = useHeldRows({
    address: JSON.stringify(input),
    fetched,
    tail: query.data,
    settled: query.data !== undefined && !query.isPlaceholderData,
    busy,
    key: keyOfRow,
    above: isAbove,
  });
  const keys = (held ?? NONE).map(({ messageId, subscriptionId }) => ({ messageId, subscriptionId }));
  const states = useQuery(trpc.deliveries.states.queryOptions({ keys }, { ...LIVE, enabled: held !== null }));
  return {
    query,
    rows: useMovedRows({ rows, held, fetched }, states.data, moveTo),
    tail,
    fresh,
    showFresh,
  };
}
