"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { messageParams, toListInput } from "../message-params.ts";
import { settleRows } from "./settle-rows.ts";
import { useScrolled } from "./use-scrolled.ts";

export type MessageListItem = inferRouterOutputs<AppRouter>["messages"]["list"]["items"][number];

const HELD_BELOW_PIXELS = 60;
const NO_ROWS: MessageListItem[] = [];
const NO_STATES = new Map<string, MessageListItem["state"]>();

/** The list that the address names: live at its top, held still with its states patched once the reader scrolls down. */
export function useMessageList() {
  const trpc = useTRPC();
  const [params] = useQueryStates(messageParams);
  const input = toListInput(params);
  const query = useQuery(
    trpc.messages.list.queryOptions(input, { ...LIVE, placeholderData: keepPreviousData }),
  );
  const fetched = query.data?.items ?? NO_ROWS;

  const address = JSON.stringify(input);
  const scrolled = useScrolled(HELD_BELOW_PIXELS);
  const [held, setHeld] = useState<{ address: string; rows: MessageListItem[] } | null>(null);
  const hold = scrolled && !query.isPlaceholderData && fetched.length > 0;
  if (hold && held?.address !== address) setHeld({ address, rows: fetched });
  if (!hold && held !== null) setHeld(null);

  const rows = held?.address === address ? held.rows : null;
  const asked = (rows ?? NO_ROWS).map(({ id, appId }) => ({ id, appId }));
  const states = useQuery(
    trpc.messages.states.queryOptions({ messages: asked }, { ...LIVE, enabled: rows !== null }),
  );

  return { query, ...settleRows(rows, fetched, states.data ?? NO_STATES) };
}
