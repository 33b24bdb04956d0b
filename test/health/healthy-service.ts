import { expect } from "vitest";
import { type HealthSnapshot, NEEDED_KINDS, type Problem } from "../../server/domain/health-snapshot.ts";
import { judgeHealth } from "../../server/domain/judge-health.ts";

export const at = new Date("2026-03-01T12:00:00Z");
export const ago = (ms: number) => new Date(at.getTime() - ms);

export const worker = (kind: string, more: Partial<HealthSnapshot["workers"][number]> = {}) => ({
  kind,
  name: `${kind}-1`,
  silentMs: 1000,
  heartbeatMs: 5000,
  startedAt: ago(3_600_000),
  stoppedAt: null,
  quiet: false,
  ...more,
});
export const lane = (number: number, more: Partial<HealthSnapshot["lanes"][number]> = {}) => ({
  lane: number,
  owner: "relay-1",
  expiresInMs: 9000,
  fault: null,
  paused: null,
  oldestReadyAt: null,
  waiting: 0,
  ...more,
});
export const topic = (name: string, more: Partial<HealthSnapshot["topics"][number]> = {}) => ({
  name,
  fault: null,
  paused: null,
  ready: 0,
  ...more,
});

/** A service in which nothing is wrong. */
export const well: HealthSnapshot = {
  at,
  clockSkewMs: 3,
  workers: NEEDED_KINDS.map((kind) => worker(kind)),
  lanes: [lane(0), lane(1)],
  topics: [topic("orders.created"), topic("bills")],
  overduePrepared: [],
  unreachable: [],
  sources: [],
  subscriptions: [],
  overdueScheduled: [],
  stuck: [],
  cap: 1001,
};

export const judge = (change: Partial<HealthSnapshot>) => judgeHealth({ ...well, ...change });
/** The one problem that comes of a change. */
export const only = (change: Partial<HealthSnapshot>): Problem => {
  const { problems } = judge(change);
  expect(problems.map(({ kind }) => kind)).toHaveLength(1);
  return problems[0]!;
};
