"use client";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from "react";
import { useTRPCClient } from "../_trpc/client.ts";
import { leaveWhenSignedOut } from "../_trpc/leave-when-signed-out.ts";
import { setDatabaseClock } from "../_ui/clock.ts";
import { type Liveness, judgeLiveness } from "./judge-liveness.ts";
import type { LiveSignal } from "./live-signal.ts";
import { makeOpenStream } from "./open-stream.ts";
import { makeRefresher } from "./refresh-live-queries.ts";
import { type StreamRole, shareStream } from "./share-stream.ts";
import { useClock } from "./use-clock.ts";

interface LiveState {
  liveness: Liveness;
  /** The database's clock at the last notice that came from it. */
  at: Date | null;
  /** Who holds the stream; null until it is settled. */
  role: StreamRole | null;
}

interface Heard {
  /** Ms of this browser's clock. */
  heardAt: number;
  databaseAnswers: boolean;
  version: string;
}

const LiveContext = createContext<LiveState>({ liveness: "connecting", at: null, role: null });

/** How fresh the page is. */
export function useLiveState(): LiveState {
  return useContext(LiveContext);
}

/** The tab's share in the browser's one stream. When its version moves, the live queries of the page are read again. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const client = useTRPCClient();
  const refresh = useMemo(() => makeRefresher(queryClient), [queryClient]);
  const [heard, setHeard] = useState<Heard | null>(null);
  const [connected, setConnected] = useState(false);
  const [at, setAt] = useState<Date | null>(null);
  const [role, setRole] = useState<StreamRole | null>(null);
  const now = useClock();

  useEffect(() => {
    function onSignal(signal: LiveSignal) {
      if (signal.type === "connection") setConnected(signal.connected);
      // A stream that was refused does not say why; an ordinary call does, and leads to the sign-in page if that is it.
      if (signal.type === "refused") void client.session.read.query().catch(leaveWhenSignedOut);
      if (signal.type !== "notice") return;
      setConnected(true);
      setHeard({ heardAt: Date.now(), databaseAnswers: signal.at !== null, version: signal.version });
      if (signal.at === null) return;
      setAt(new Date(signal.at));
      setDatabaseClock(new Date(signal.at));
    }
    return shareStream({ open: makeOpenStream(client), onSignal, onRole: setRole });
  }, [client]);

  // Also for the first version: the page may have been rendered before it.
  const version = heard?.version ?? null;
  useEffect(() => {
    if (version !== null) refresh();
  }, [version, refresh]);

  useEffect(() => {
    document.addEventListener("visibilitychange", refresh);
    return () => document.removeEventListener("visibilitychange", refresh);
  }, [refresh]);

  const liveness = judgeLiveness({
    connected,
    heardAt: heard?.heardAt ?? null,
    databaseAnswers: heard?.databaseAnswers ?? true,
    now,
  });
  const state = useMemo(() => ({ liveness, at, role }), [liveness, at, role]);
  return <LiveContext value={state}>{children}</LiveContext>;
}
