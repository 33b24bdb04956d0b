"use client";
import { useNow } from "next-intl";
import { useSyncExternalStore } from "react";
import { followClock, readClock } from "./clock.ts";

/** The present, once a second, ms; while the page is rendered by the server, the server's. */
export function useTickingNow(): number {
  const rendered = useNow();
  return useSyncExternalStore(followClock, readClock, () => rendered.getTime());
}
