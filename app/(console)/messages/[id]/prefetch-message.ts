import "server-only";
import { TRPCError } from "@trpc/server";
import { notFound } from "next/navigation";
import { isMessageId } from "@/server/domain/message-id.ts";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { getQueryClient, trpc } from "../../../_trpc/server.tsx";

/**
 * Reads a message, its payload and its neighbours. What is no id, or nobody's, is the page "not found"; after any other
 * failure the browser asks again, and shows what it is told.
 */
export async function prefetchMessage(id: string): Promise<void> {
  if (!isMessageId(id)) notFound();
  const client = getQueryClient();
  const message = client.fetchQuery(trpc.messages.read.queryOptions({ id }, { ...LIVE, retry: false }));
  await Promise.all([
    message.catch((error: unknown) => {
      if (error instanceof TRPCError && error.code === "NOT_FOUND") notFound();
    }),
    client.prefetchQuery(trpc.messages.payload.queryOptions({ id })),
    client.prefetchQuery(trpc.messages.neighbours.queryOptions({ id })),
  ]);
}
