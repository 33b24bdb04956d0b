import type { WaitingKind } from "@/server/store/waiting-messages.ts";
import type { WaitingApp, WaitingSum } from "./waiting-item.ts";

/** How many wait, of one app or of all; `capped`: there are more overdue ones than were looked at. Pure. */
export function countsOf(
  { apps, overdueCapped }: WaitingSum,
  app: string | null,
): Record<WaitingKind, { count: number; capped: boolean }> {
  const here = apps.filter((one) => app === null || one.app === app);
  const total = (of: (one: WaitingApp) => number) => here.reduce((sum, one) => sum + of(one), 0);
  return {
    prepared: { count: total((one) => one.prepared), capped: false },
    overdue: { count: total((one) => one.overdue), capped: overdueCapped },
    undecided: { count: total((one) => one.undecided), capped: false },
  };
}

/** Apps of which something waits, or that cannot be reached; those in the most trouble first. Pure. */
export function appsInTrouble({ apps }: WaitingSum): WaitingApp[] {
  const isAway = ({ breaker }: WaitingApp) => breaker !== null && breaker.state !== "closed";
  const rank = (one: WaitingApp) =>
    (isAway(one) ? 4 : 0) + (one.overdue > 0 ? 2 : 0) + (one.undecided > 0 ? 1 : 0);
  return apps
    .filter((one) => one.prepared + one.undecided > 0 || isAway(one))
    .toSorted(
      (a, b) =>
        rank(b) - rank(a) || b.undecided + b.overdue - (a.undecided + a.overdue) || b.prepared - a.prepared,
    );
}
