"use client";
import { useMutation } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useEffect, useState } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import { useTRPC } from "../../../../../_trpc/client.ts";

export interface UnmaskedLook {
  /** Null: covered. */
  payload: inferRouterOutputs<AppRouter>["messages"]["unmask"] | null;
  /** When it is covered again, ms of this browser's clock. */
  until: number;
  /** Asks the server, which writes it down; again while it is shown, to look longer. */
  show: () => void;
  hide: () => void;
  busy: boolean;
  /** What the server answered instead. */
  error: unknown;
}

/** A look at a masked payload that ends by itself: the time is the server's to say, and nothing is kept afterwards. */
export function useUnmasked(id: string): UnmaskedLook {
  const trpc = useTRPC();
  const unmask = useMutation(trpc.messages.unmask.mutationOptions({ gcTime: 0 }));
  const [until, setUntil] = useState(0);
  const { data, reset } = unmask;
  useEffect(() => {
    if (data === undefined) return undefined;
    const timer = setTimeout(reset, Math.max(0, until - Date.now()));
    return () => clearTimeout(timer);
  }, [data, until, reset]);
  return {
    payload: data ?? null,
    until,
    show: () => unmask.mutate({ id }, { onSuccess: ({ hideAfterMs }) => setUntil(Date.now() + hideAfterMs) }),
    hide: reset,
    busy: unmask.isPending,
    error: unmask.error,
  };
}
