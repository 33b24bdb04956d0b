"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from "react";
import { useTRPC, useTRPCClient } from "../_trpc/client.ts";
import { leaveWhenSignedOut } from "../_trpc/leave-when-signed-out.ts";
import { type Liveness, judgeLiveness } from "./judge-liveness.ts";
import { makeRefresher } from "./refresh-live-queries.ts";
import { useClock } from "./use-clock.ts";

interface LiveState {
  liveness: Liveness;
  /** The database's clock at the last notice that came from it. */
  at: Date | null;
}

interface Heard {
  /** Ms of this browser's clock. */
  heardAt: number;
  databaseAnswers: boolean;
}

const LiveContext = createContext<LiveState>({ liveness: "connecting", at: null });
const RETRY_MS = 3000;

/** How fresh the page is. */
export function useLiveState(): LiveState {
  return useContext(LiveContext);
}

/** The tab's one subscription. Whenever its version moves, the live queries of the page are read again. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const client = useTRPCClient();
  const trpc = useTRPC();
  const refresh = useMemo(() => makeRefresher(queryClient), [queryClient]);
  const [heard, setHeard] = useState<Heard | null>(null);
  const [version, setVersion] = useState<string | null>(null);
  const [at, setAt] = useState<Date | null>(null);
  const now = useClock();

  const { status, reset } = useSubscription({
    ...trpc.live.follow.subscriptionOptions(),
    onData: ({ data }) => {
      setHeard({ heardAt: Date.now(), databaseAnswers: data.at !== null });
      setVersion(data.version);
      if (data.at !== null) setAt(data.at);
    },
    // A stream that was refused does not say why; an ordinary call does, and leads to the sign-in page if that is it.
    onError: () => void client.session.read.query().catch(leaveWhenSignedOut),
  });

  // Also for the first version: the page may have been rendered before it.
  useEffect(() => {
    if (version !== null) refresh();
  }, [version, refresh]);

  useEffect(() => {
    const timer = status === "error" ? setTimeout(reset, RETRY_MS) : undefined;
    return () => clearTimeout(timer);
  }, [status, reset]);

  useEffect(() => {
    document.addEventListener("visibilitychange", refresh);
    return () => document.removeEventListener("visibilitychange", refresh);
  }, [refresh]);

  const liveness = judgeLiveness({
    connected: status === "pending",
    heardAt: heard?.heardAt ?? null,
    databaseAnswers: heard?.databaseAnswers ?? true,
    now,
  });
  const state = useMemo(() => ({ liveness, at }), [liveness, at]);
  return <LiveContext value={state}>{children}</LiveContext>;
}
