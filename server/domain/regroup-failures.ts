/** What groups of failures can be put together by. */
export const REGROUP_BY = ["topic", "subscription", "app", "error"] as const;
export type RegroupBy = (typeof REGROUP_BY)[number];

/** What of a group is looked at. */
export interface RegroupedItem {
  topic: string;
  subscription: string;
  app: string | null;
  errorType: string;
  failures: number;
  lastHour: number;
  lastAt: Date;
}

export interface Regrouped<T> {
  /** The topic, `<topic>/<subscription>`, the app, or the error's type; null: subscriptions that are no app's. */
  name: string | null;
  items: T[];
  failures: number;
  lastHour: number;
  lastAt: Date;
}

/** Puts groups together by what they share; what failed most in the last hour first. Pure. */
export function regroupFailures<T extends RegroupedItem>(items: readonly T[], by: RegroupBy): Regrouped<T>[] {
  const grouped = new Map<string | null, T[]>();
  for (const item of items) {
    const name = nameOf(item, by);
    const members = grouped.get(name);
    if (members) members.push(item);
    else grouped.set(name, [item]);
  }
  return [...grouped]
    .map(([name, members]) => ({
      name,
      items: members,
      failures: members.reduce((sum, m) => sum + m.failures, 0),
      lastHour: members.reduce((sum, m) => sum + m.lastHour, 0),
      lastAt: members.map((m) => m.lastAt).reduce((a, b) => (a > b ? a : b)),
    }))
    .toSorted((a, b) => b.lastHour - a.lastHour || b.lastAt.getTime() - a.lastAt.getTime());
}

function nameOf(item: RegroupedItem, by: RegroupBy): string | null {
  switch (by) {
    case "topic":
      return item.topic;
    case "subscription":
      return `${item.topic}/${item.subscription}`;
    case "app":
      return item.app;
    case "error":
      return item.errorType;
  }
}
