"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../../../../_trpc/client.ts";

/** Reads the groups of this page again, before a dialog closes. */
export function useFailureRefresh(): () => Promise<void> {
  const trpc = useTRPC();
  const queries = useQueryClient();
  return () => queries.invalidateQueries(trpc.failures.pathFilter());
}
