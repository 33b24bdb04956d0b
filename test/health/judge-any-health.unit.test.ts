import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  HEALTH_LIMITS,
  type HealthSnapshot,
  NEEDED_KINDS,
  type Problem,
} from "../../server/domain/health-snapshot.ts";
import { judgeHealth } from "../../server/domain/judge-health.ts";
import { ago, at } from "./healthy-service.ts";

const moment = fc.option(fc.integer({ min: 0, max: 1_000_000 }).map(ago), { nil: null });
const mark = fc.option(fc.constantFrom("Connection refused", "timeout"), { nil: null });
const anySnapshot: fc.Arbitrary<HealthSnapshot> = fc.record({
  at: fc.constant(at),
  clockSkewMs: fc.integer({ min: -9000, max: 9000 }),
  workers: fc.array(
    fc.record({
      kind: fc.constantFrom(...NEEDED_KINDS, "console"),
      name: fc.constantFrom("a", "b", "c"),
      silentMs: fc.integer({ min: 0, max: 2_000_000 }),
      heartbeatMs: fc.constantFrom(500, 5000),
      startedAt: fc.constant(ago(9_000_000)),
      stoppedAt: moment,
      quiet: fc.boolean(),
    }),
    { maxLength: 8 },
  ),
  lanes: fc.uniqueArray(
    fc.record({
      lane: fc.integer({ min: 0, max: 9 }),
      owner: fc.constantFrom("a", "b", "c", null),
      expiresInMs: fc.option(fc.integer({ min: -99_000, max: 12_000 }), { nil: null }),
      fault: mark.map((detail) => (detail === null ? null : { detail, since: ago(5000) })),
      paused: mark.map((reason) => (reason === null ? null : { by: "op", since: ago(7000), reason })),
      oldestReadyAt: moment,
      waiting: fc.integer({ min: 0, max: 1001 }),
    }),
    { selector: (l) => l.lane, maxLength: 8 },
  ),
  topics: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("t1", "t2", "t3"),
      fault: mark.map((detail) =>
        detail === null ? null : { code: "topic_missing", detail, since: ago(5000) },
      ),
      paused: mark.map((reason) => (reason === null ? null : { by: "op", since: ago(7000), reason })),
      ready: fc.nat({ max: 5000 }),
    }),
    { selector: (t) => t.name },
  ),
  overduePrepared: fc.array(
    fc.record({
      app: fc.constantFrom("x", "y"),
      count: fc.integer({ min: 1, max: 500 }),
      dueAt: fc.constant(ago(60_000)),
    }),
  ),
  unreachable: fc.uniqueArray(
    fc.record({ app: fc.constantFrom("x", "y"), since: fc.constant(ago(30_000)), lastError: mark }),
    { selector: ({ app }) => app },
  ),
  subscriptions: fc.uniqueArray(
    fc.record({
      topic: fc.constantFrom("t1", "t2"),
      name: fc.constantFrom("shipping", "billing"),
      ack: fc.constantFrom("explicit", "offset", "webhook", "none"),
      paused: mark.map((reason) => (reason === null ? null : { by: "op", since: ago(7000), reason })),
      fault: mark.map((code) => (code === null ? null : { topic: "t1.retry", code, since: ago(5500) })),
      disabled: mark.map((reason) => (reason === null ? null : { since: ago(6000), reason })),
      throttled: mark.map((lastError) => (lastError === null ? null : { since: ago(5000), lastError })),
      standstill: fc.option(
        fc.record({
          group: fc.constant("g"),
          since: fc.integer({ min: 0, max: 900_000 }).map(ago),
          attended: fc.boolean(),
          records: fc.nat({ max: 5000 }),
          ackTimeoutMs: fc.constantFrom(1000, 300_000),
        }),
        { nil: null },
      ),
      waiting: fc.nat({ max: 5000 }),
      dead: fc.option(fc.record({ count: fc.integer({ min: 1, max: 99 }), since: fc.constant(ago(4000)) }), {
        nil: null,
      }),
    }),
    { selector: ({ topic, name }) => `${topic}/${name}` },
  ),
  sources: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("s1", "s2"),
      fault: mark.map((detail) =>
        detail === null ? null : { code: "unreachable", detail, since: ago(5000) },
      ),
      paused: mark.map((reason) => (reason === null ? null : { by: "op", since: ago(7000), reason })),
      owned: fc.boolean(),
      declaredAt: fc.constantFrom(ago(1000), ago(90_000)),
      refused: fc.nat({ max: 20 }),
    }),
    { selector: ({ name }) => name },
  ),
  overdueScheduled: fc.array(
    fc.record({ count: fc.integer({ min: 1, max: 500 }), dueAt: fc.constant(ago(60_000)) }),
  ),
  stuck: fc.array(
    fc.record({
      state: fc.constantFrom("UNDECIDED" as const, "REJECTED" as const),
      app: fc.constantFrom("x", "y"),
      topic: fc.constantFrom("t1", "t2"),
      count: fc.integer({ min: 1, max: 50 }),
      since: fc.constant(ago(90_000)),
    }),
  ),
  cap: fc.constant(1001),
});

describe("of any snapshot", () => {
  test("each lane has one cause at most, and a topic one problem at most", () => {
    fc.assert(
      fc.property(anySnapshot, (snapshot) => {
        const { problems } = judgeHealth(snapshot);
        const lanes = problems.flatMap((p) => ("lanes" in p ? p.lanes : []));
        expect(new Set(lanes).size).toBe(lanes.length);
        const topics = problems.flatMap((p) =>
          p.kind === "topic_fault" || p.kind === "topic_paused" ? [p.topic] : [],
        );
        expect(new Set(topics).size).toBe(topics.length);
      }),
    );
  });

  test("the verdict is that of the worst problem, and the worst stands first", () => {
    fc.assert(
      fc.property(anySnapshot, (snapshot) => {
        const { verdict, problems } = judgeHealth(snapshot);
        const rank = { stopped: 0, waiting: 1, notice: 2 };
        const ranks = problems.map((p) => rank[p.severity]);
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
        expect(verdict).toBe((["stopped", "waiting", "well"] as const)[Math.min(2, ranks[0] ?? 2)]);
      }),
    );
  });

  test("nothing that is stuck goes unsaid", () => {
    fc.assert(
      fc.property(anySnapshot, (snapshot) => {
        const { problems } = judgeHealth(snapshot);
        const relayRuns = !problems.some((p) => p.kind === "nobody_runs" && p.worker === "relay");
        const said = new Set(problems.flatMap((p) => ("lanes" in p ? p.lanes : [])));
        for (const l of snapshot.lanes)
          if (
            relayRuns &&
            (l.fault ||
              l.paused ||
              (l.oldestReadyAt && at.getTime() - l.oldestReadyAt.getTime() > HEALTH_LIMITS.readyMs))
          )
            expect(said).toContain(l.lane);
        const count = (kind: string) =>
          problems.reduce((sum, p) => sum + (p.kind === kind ? (p.count ?? 0) : 0), 0);
        const total = (state: string) =>
          snapshot.stuck.filter((s) => s.state === state).reduce((sum, s) => sum + s.count, 0);
        expect(count("undecided")).toBe(total("UNDECIDED"));
        expect(count("rejected")).toBe(total("REJECTED"));
        expect(count("dead_letters")).toBe(
          snapshot.subscriptions.reduce((sum, { dead }) => sum + (dead?.count ?? 0), 0),
        );
        expect(count("prepared_overdue") + count("app_unreachable")).toBe(
          snapshot.overduePrepared.reduce((sum, o) => sum + o.count, 0),
        );
      }),
    );
  });

  test("only the order of the rows may change nothing", () => {
    fc.assert(
      fc.property(anySnapshot, (snapshot) => {
        const turned = {
          ...snapshot,
          workers: snapshot.workers.toReversed(),
          topics: snapshot.topics.toReversed(),
        };
        const key = (p: Problem) => JSON.stringify([p.kind, p.since, p.count, p.severity]);
        expect(judgeHealth(turned).problems.map(key).toSorted()).toEqual(
          judgeHealth(snapshot).problems.map(key).toSorted(),
        );
      }),
    );
  });
});
