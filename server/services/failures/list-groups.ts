import type { Queryable } from "../../db.ts";
import {
  type FailureGroupRow,
  type FailurePoint,
  listFailureGroups,
  readFailureSeries,
} from "../../store/failure-groups.ts";
import { findSubscriptionIds } from "../../store/subscription-ids.ts";

/** Most groups shown at once; more than that is a sign that their texts tell nothing. */
const MOST_GROUPS = 500;
/** The chart beside each. */
const SPARKLINES = {
  hour: { minutes: 60, stepMinutes: 2 },
  day: { minutes: 1440, stepMinutes: 40 },
  week: { minutes: 10_080, stepMinutes: 240 },
} as const;

export interface ListGroups {
  topic: string | null;
  subscription: string | null;
  errorType: string | null;
  /** Only groups that failed within so many seconds; null: ever. */
  withinSeconds: number | null;
  /** Also those that are ignored and quiet. */
  withIgnored: boolean;
  /** How far back the chart beside each goes; default: an hour. */
  chart?: keyof typeof SPARKLINES;
}

export interface FailureGroupItem extends FailureGroupRow {
  series: FailurePoint[];
}

export interface FailureGroupList {
  items: FailureGroupItem[];
  /** There are more than were listed. */
  more: boolean;
}

/** Groups of failures, those that failed last first. */
export async function listGroups(db: Queryable, input: ListGroups): Promise<FailureGroupList> {
  const { topic, subscription, errorType, withinSeconds, withIgnored, chart = "hour" } = input;
  const subscriptionIds =
    topic === null && subscription === null
      ? null
      : await findSubscriptionIds(db, { topic, name: subscription });
  const rows = await listFailureGroups(db, {
    subscriptionIds,
    errorType,
    since: withinSeconds === null ? null : new Date(Date.now() - withinSeconds * 1000),
    hideIgnored: !withIgnored,
    limit: MOST_GROUPS + 1,
  });
  const shown = rows.slice(0, MOST_GROUPS);
  const series = await readFailureSeries(
    db,
    shown.map((row) => row.id),
    SPARKLINES[chart],
  );
  return {
    items: shown.map((row) => ({ ...row, series: series.get(row.id) ?? [] })),
    more: rows.length > MOST_GROUPS,
  };
}
