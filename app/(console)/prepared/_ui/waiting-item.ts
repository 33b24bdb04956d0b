import type { inferRouterOutputs } from "@trpc/server";
import type { MessageState } from "@/server/domain/message-state.ts";
import type { AppRouter } from "@/server/trpc/router.ts";

export type WaitingPage = inferRouterOutputs<AppRouter>["prepared"]["list"];
export type WaitingItem = WaitingPage["items"][number];
export type WaitingSum = inferRouterOutputs<AppRouter>["prepared"]["sum"];
export type WaitingApp = WaitingSum["apps"][number];

/** A row of a list that may stand still: it was waiting when it was read, and may be decided by now. */
export type ShownItem = Omit<WaitingItem, "state"> & { state: MessageState };

export const keyOfWaiting = (item: ShownItem) => item.id;

/** By check time while PREPARED, by age while UNDECIDED: ids are by time. */
export function isBefore(item: ShownItem, other: ShownItem): boolean {
  const apart = (item.checkAt?.getTime() ?? 0) - (other.checkAt?.getTime() ?? 0);
  return apart === 0 ? item.id < other.id : apart < 0;
}

/** A row whose message has moved on since it was read. What was true of the old state alone is left out. Pure. */
export function moveTo(item: ShownItem, state: MessageState): ShownItem {
  if (item.state === state) return item;
  return { ...item, state, checkAt: null, overdue: false };
}
