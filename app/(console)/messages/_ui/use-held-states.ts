"use client";
import { useQuery } from "@tanstack/react-query";
import type { MessageState } from "@/server/domain/message-state.ts";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useMovedRows } from "../../../_table/use-moved-rows.ts";
import { useTRPC } from "../../../_trpc/client.ts";

interface Row {
  id: string;
  appId: number;
  state: MessageState;
}

const NONE: never[] = [];

/**
 * The rows of a list with the states of their messages by now. A held row may have left the filter or the page: it is asked
 * for where it is.
 *
 * @param held what stands still; null: nothing does
 * @param fetched what the list's query answered last: these are true already
 * @param moveTo a row whose message has moved on; defined outside of components
 */
export function useHeldStates<R extends Row>(
  { rows, held, fetched }: { rows: readonly R[]; held: readonly R[] | null; fetched: readonly R[] },
  moveTo: (row: R, state: MessageState) => R,
): readonly R[] {
  const trpc = useTRPC();
  const asked = (held ?? NONE).map(({ id, appId }) => ({ id, appId }));
  const states = useQuery(
    trpc.messages.states.queryOptions({ messages: asked }, { ...LIVE, enabled: held !== null }),
  );
  return useMovedRows<MessageState, R>({ rows, held, fetched }, states.data, moveTo);
}
