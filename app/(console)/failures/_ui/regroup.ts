import { type RegroupBy, type Regrouped, regroupFailures } from "@/server/domain/regroup-failures.ts";
import type { FailureGroup } from "./failure-shape.ts";

export const pointsOf = ({ series }: Pick<FailureGroup, "series">) => series.map(({ failures }) => failures);

/** How often it failed in the span that its series covers. */
export const recentOf = (group: Pick<FailureGroup, "series">) =>
  pointsOf(group).reduce((sum, failures) => sum + failures, 0);

/** Whose deliveries a group is of, as the address names it. */
export const subscriptionOf = ({ topic, subscription }: FailureGroup) => `${topic}/${subscription}`;

/** What several groups have in common, with their charts added up. */
export interface Together extends Regrouped<FailureGroup> {
  /** Failures in the span, and of each of its stretches. */
  recent: number;
  points: number[];
  firstAt: Date;
}

/** Groups put together by something else than their cause; what failed most in the span first. Pure. */
export function putTogether(groups: readonly FailureGroup[], by: RegroupBy): Together[] {
  return regroupFailures(groups, by)
    .map((one) => ({
      ...one,
      recent: one.items.reduce((sum, group) => sum + recentOf(group), 0),
      points: addUp(one.items.map(pointsOf)),
      firstAt: new Date(Math.min(...one.items.map(({ firstAt }) => firstAt.getTime()))),
    }))
    .toSorted((a, b) => b.recent - a.recent);
}

function addUp(series: readonly (readonly number[])[]): number[] {
  const length = Math.max(0, ...series.map((points) => points.length));
  return Array.from({ length }, (_, n) => series.reduce((sum, points) => sum + (points[n] ?? 0), 0));
}

export interface FailureFilter {
  show: "open" | "ignored" | "all";
  error: string | null;
  subscription: string | null;
  topic: string | null;
  app: string | null;
}

/** The groups that a filter leaves, those that failed most in the span first. Pure. */
export function filterGroups(groups: readonly FailureGroup[], filter: FailureFilter): FailureGroup[] {
  const left = groups.filter(
    (group) =>
      (filter.show === "all" || (filter.show === "ignored") === group.ignored) &&
      (!filter.error || group.errorType === filter.error) &&
      (!filter.subscription || subscriptionOf(group) === filter.subscription) &&
      (!filter.topic || group.topic === filter.topic) &&
      (!filter.app || group.app === filter.app),
  );
  return left.toSorted((a, b) => recentOf(b) - recentOf(a) || b.lastAt.getTime() - a.lastAt.getTime());
}
