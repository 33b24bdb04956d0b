import type { WaitingKind } from "@/server/store/waiting-messages.ts";

/** The room of what waits for its producer, with a filter. */
export function waitingHref({ show, app }: { show?: WaitingKind; app?: string }): string {
  const params = new URLSearchParams();
  if (show !== undefined && show !== "prepared") params.set("show", show);
  if (app !== undefined) params.set("app", app);
  return params.size === 0 ? "/prepared" : `/prepared?${params}`;
}
