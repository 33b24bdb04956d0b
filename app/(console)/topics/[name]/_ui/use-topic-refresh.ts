"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../../../../_trpc/client.ts";

/** Reads all that is shown of topics again, after a change of one. */
export function useTopicRefresh(): () => Promise<void> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries(trpc.topics.pathFilter());
}
