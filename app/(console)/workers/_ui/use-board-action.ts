"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../../../_trpc/client.ts";

/** What operators do here; after each the board is read again before the dialog closes. */
export function useBoardActions() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries(trpc.workers.board.queryFilter());
  return {
    command: useMutation(trpc.workers.command.mutationOptions({ onSuccess })).mutateAsync,
    pauseLane: useMutation(trpc.workers.pauseLane.mutationOptions({ onSuccess })).mutateAsync,
  };
}
