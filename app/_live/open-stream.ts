import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "@/server/trpc/router.ts";
import type { LiveSignal } from "./live-signal.ts";

/** After the server ended or refused a stream, ms. A lost connection is opened again by the stream itself. */
const RETRY_MS = 3000;

/** Opens the event stream, for ever. @param lastEventId where to go on @returns closes it */
export type OpenStream = (lastEventId: string | null, tell: (signal: LiveSignal) => void) => () => void;

export function makeOpenStream(client: TRPCClient<AppRouter>): OpenStream {
  return (lastEventId, tell) => {
    let last = lastEventId;
    let closed = false;
    let met = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let current: { unsubscribe: () => void } | undefined;

    function open(): void {
      current = client.live.follow.subscribe(last === null ? undefined : { lastEventId: last }, {
        onData: ({ id, data }) => {
          last = id;
          tell({ type: "notice", version: data.version, at: data.at?.getTime() ?? null, eventId: id });
        },
        onConnectionStateChange: ({ state }) => {
          // The first connecting loses nothing; if it takes too long, silence says so.
          if (state === "pending") met = true;
          if (state !== "idle" && met) tell({ type: "connection", connected: state === "pending" });
        },
        onError: () => {
          tell({ type: "refused" });
          again();
        },
        onComplete: again,
      });
    }

    function again(): void {
      if (closed) return;
      tell({ type: "connection", connected: false });
      clearTimeout(timer);
      timer = setTimeout(open, RETRY_MS);
    }

    open();
    return () => {
      closed = true;
      clearTimeout(timer);
      current?.unsubscribe();
    };
  };
}
