import "server-only";
import { TRPCError } from "@trpc/server";
import { notFound } from "next/navigation";
import { isMessageId } from "@/server/domain/message-id.ts";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { getQueryClient, trpc } from "../../../_trpc/server.tsx";

/** Reads a message, its payload and its neighbours. What is no id, or nobody's, is the page "not found"; other failures are the page's. */
export async function prefetchMessage(id: string): Promise<void> {
  if (!isMessageId(id)) notFound();
  const client = getQueryClient();
  try {
    await Promise.all([
      client.fetchQuery(trpc.messages.read.queryOptions({ id }, LIVE)),
      client.prefetchQuery(trpc.messages.payload.queryOptions({ id })),
      client.prefetchQuery(trpc.messages.neighbours.queryOptions({ id })),
    ]);
  } catch (error) {
    if (error instanceof TRPCError && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}
