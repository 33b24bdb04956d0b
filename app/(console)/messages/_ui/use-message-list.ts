"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useHeldRows } from "../../../_table/use-held-rows.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { messageParams, toListInput } from "../message-params.ts";
import { type MessageListItem, isAbove, keyOfMessage, moveTo } from "./message-list-item.ts";

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

  // A held row may have left the filter or the page: it is asked for where it is by now.
  const asked = (held ?? NO_ROWS).map(({ id, appId }) => ({ id, appId }));
  const states = useQuery(
    trpc.messages.states.queryOptions({ messages: asked }, { ...LIVE, enabled: held !== null }),
  );
  const patched = useMemo(() => {
    if (held === null || states.data === undefined) return rows;
    const answered = new Set(fetched.map(keyOfMessage));
    return rows.map((row) =>
      answered.has(row.id) ? row : moveTo(row, states.data.get(row.id) ?? row.state),
    );
  }, [held, rows, fetched, states.data]);
  return { query, rows: patched, tail, fresh, showFresh };
}
