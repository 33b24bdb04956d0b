import type { Queryable } from "../../db.ts";
import { HEALTH_LIMITS } from "../../domain/health-snapshot.ts";
import { listApps } from "../../store/apps.ts";
import { type BreakerRow, readBreakerRows } from "../../store/check-breakers.ts";
import { type Backlog, readBacklogs } from "../../store/read-flow.ts";
import { COUNT_CAP, readOverduePrepared } from "../../store/read-stalls.ts";

/** What of one app waits for it. */
export interface WaitingApp {
  app: string;
  /** Null: nobody asks it. */
  checkUrl: string | null;
  /** Exact. */
  prepared: number;
  undecided: number;
  /** Of the prepared ones; with `overdueCapped` the least that there are. */
  overdue: number;
  /** Beginning of the minute in which the oldest of them came to wait; null: none does. */
  oldestAt: Date | null;
  /** Null: it could always be reached. */
  breaker: Pick<BreakerRow, "state" | "since" | "probeAt" | "failures" | "trips" | "lastError"> | null;
}

export interface WaitingSum {
  apps: WaitingApp[];
  overdueCapped: boolean;
}

/** What waits for its producer, app by app, and whether it can be reached: from counters and a few probes of an index. */
export async function sumWaiting(db: Queryable): Promise<WaitingSum> {
  const [apps, backlogs, overdue, breakers] = await Promise.all([
    listApps(db),
    readBacklogs(db),
    readOverduePrepared(db, HEALTH_LIMITS.preparedGraceMs),
    readBreakerRows(db, null),
  ]);
  return {
    apps: apps.map((app) => {
      const here = backlogs.filter(
        ({ appId, state }) => appId === app.id && (state === "PREPARED" || state === "UNDECIDED"),
      );
      const breaker = breakers.find(({ appId }) => appId === app.id);
      return {
        app: app.name,
        checkUrl: app.checkUrl,
        prepared: countOf(here, "PREPARED"),
        undecided: countOf(here, "UNDECIDED"),
        overdue: sum(overdue.filter(({ appId }) => appId === app.id)),
        oldestAt:
          here.map(({ oldestMinute }) => oldestMinute).toSorted((a, b) => Number(a) - Number(b))[0] ?? null,
        breaker: breaker ? withoutNames(breaker) : null,
      };
    }),
    overdueCapped: sum(overdue) >= COUNT_CAP,
  };
}

function withoutNames({ state, since, probeAt, failures, trips, lastError }: BreakerRow) {
  return { state, since, probeAt, failures, trips, lastError };
}

const sum = (rows: readonly { count: number }[]): number =>
  rows.reduce((total, { count }) => total + count, 0);

const countOf = (backlogs: readonly Backlog[], state: Backlog["state"]): number =>
  sum(backlogs.filter((backlog) => backlog.state === state));
