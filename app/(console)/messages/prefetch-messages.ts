import "server-only";
import { LIVE } from "../../_live/refresh-live-queries.ts";
import { getQueryClient, trpc } from "../../_trpc/server.tsx";
import { type MessageParams, toListInput, toScopeInput } from "./message-params.ts";

/** Reads what the list shows first. A failure is left to the browser, which tries again and shows it. */
export async function prefetchMessages(params: MessageParams): Promise<void> {
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(trpc.messages.list.queryOptions(toListInput(params), LIVE)),
    client.prefetchQuery(trpc.messages.counts.queryOptions(toScopeInput(params))),
    client.prefetchQuery(trpc.messages.filterNames.queryOptions()),
  ]);
}
