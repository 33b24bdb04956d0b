"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useHeldRows } from "../../../_table/use-held-rows.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { messageParams, toListInput } from "../message-params.ts";
import { type MessageListItem, isAbove, keyOfMessage, moveTo } from "./message-list-item.ts";
import { useHeldStates } from "./use-held-states.ts";

const NO_ROWS: MessageListItem[] = [];

/**
 * The list that the address names: live at its top, held still with its states patched while the reader is in the middle
 * of it. @param busy a row is looked at or rows are selected
 */
export function useMessageList(busy: boolean) {
  const trpc = useTRPC();
  const [params] = useQueryStates(messageParams);
  const input = toListInput(params);
  const query = useQuery(
    trpc.messages.list.queryOptions(input, { ...LIVE, placeholderData: keepPreviousData }),
  );
  const fetched = query.data?.items ?? NO_ROWS;
  const { rows, fresh, held, tail, showFresh } = useHeldRows({
    address: JSON.stringify(input),
    fetched,
    tail: query.data,
    settled: query.data !== undefined && !query.isPlaceholderData,
    busy,
    key: keyOfMessage,
    above: isAbove,
  });

  return { query, rows: useHeldStates({ rows, held, fetched }, moveTo), tail, fresh, showFresh };
}
