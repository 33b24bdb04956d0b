import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HEALTH_LIMITS, type HealthSnapshot, NEEDED_KINDS, type Problem } from "./health-snapshot.ts";
import { judgeHealth } from "./judge-health.ts";

const at = new Date("2026-03-01T12:00:00Z");
const ago = (ms: number) => new Date(at.getTime() - ms);

const worker = (kind: string, more: Partial<HealthSnapshot["workers"][number]> = {}) => ({
  kind,
  name: `${kind}-1`,
  silentMs: 1000,
  heartbeatMs: 5000,
  startedAt: ago(3_600_000),
  stoppedAt: null,
  quiet: false,
  ...more,
});
const lane = (number: number, more: Partial<HealthSnapshot["lanes"][number]> = {}) => ({
  lane: number,
  owner: "relay-1",
  expiresInMs: 9000,
  fault: null,
  paused: null,
  oldestReadyAt: null,
  waiting: 0,
  ...more,
});
const topic = (name: string, more: Partial<HealthSnapshot["topics"][number]> = {}) => ({
  name,
  fault: null,
  paused: null,
  ready: 0,
  ...more,
});

const well: HealthSnapshot = {
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

const judge = (change: Partial<HealthSnapshot>) => judgeHealth({ ...well, ...change });
const only = (change: Partial<HealthSnapshot>): Problem => {
  const { problems } = judge(change);
  expect(problems.map(({ kind }) => kind)).toHaveLength(1);
  return problems[0]!;
};

test("nothing stands in the way of a healthy service", () => {
  expect(judgeHealth(well)).toEqual({ verdict: "well", problems: [] });
});

describe("each trouble is named with its place, its beginning and whose turn it is", () => {
  test("no relay runs: one problem with all that waits, not one for each of its lanes", () => {
    const problem = only({
      workers: well.workers.map((w) => (w.kind === "relay" ? { ...w, silentMs: 60_000 } : w)),
      lanes: [
        lane(0, { oldestReadyAt: ago(60_000), waiting: 5 }),
        lane(1, { owner: null, expiresInMs: null }),
      ],
      topics: [topic("orders.created", { ready: 7 })],
    });
    expect(problem).toMatchObject({
      kind: "nobody_runs",
      worker: "relay",
      severity: "stopped",
      turn: "platform",
      count: 7,
      since: ago(60_000),
    });
  });

  test.each(NEEDED_KINDS)("no %s was ever started", (kind) => {
    const problem = only({ workers: well.workers.filter((w) => w.kind !== kind) });
    expect(problem).toMatchObject({ kind: "nobody_runs", worker: kind, since: null });
  });

  test("a relay that fell silent while another runs holds its lanes", () => {
    const dead = worker("relay", { name: "relay-2", silentMs: 40_000 });
    const problem = only({
      workers: [...well.workers, dead],
      lanes: [lane(0), lane(1, { owner: "relay-2" }), lane(2, { owner: "relay-2" })],
    });
    expect(problem).toMatchObject({
      kind: "lanes_quiet_owner",
      owner: "relay-2",
      lanes: [1, 2],
      severity: "stopped",
      since: ago(40_000),
    });
  });

  test("one that fell silent without lanes is a note for a while, then nothing", () => {
    const gone = (silentMs: number) => [...well.workers, worker("api", { name: "api-2", silentMs })];
    expect(only({ workers: gone(60_000) })).toMatchObject({
      kind: "worker_silent",
      name: "api-2",
      severity: "notice",
    });
    expect(judge({ workers: gone(60_000) }).verdict).toBe("well");
    expect(judge({ workers: gone(HEALTH_LIMITS.silentNoteMs + 1) }).problems).toEqual([]);
    expect(
      judge({ workers: [...well.workers, worker("api", { name: "api-2", stoppedAt: ago(1) })] }).problems,
    ).toEqual([]);
  });

  test("a lane that nobody takes, once something waits in it", () => {
    const free = { owner: null, expiresInMs: null };
    expect(judge({ lanes: [lane(0, free)] }).problems).toEqual([]);
    expect(only({ lanes: [lane(0, { ...free, oldestReadyAt: ago(20_000), waiting: 3 })] })).toMatchObject({
      kind: "lanes_free",
      lanes: [0],
      count: 3,
      since: ago(20_000),
      severity: "stopped",
    });
  });

  test("a fault of the broker, said once for the lanes that share it", () => {
    const fault = { detail: "Connection refused", since: ago(30_000) };
    expect(
      only({ lanes: [lane(0, { fault }), lane(1, { fault: { ...fault, since: ago(50_000) } })] }),
    ).toMatchObject({
      kind: "lane_fault",
      lanes: [0, 1],
      detail: "Connection refused",
      turn: "broker",
      since: ago(50_000),
    });
  });

  test("a lane that runs late, and one that has stopped", () => {
    const late = (ms: number) => only({ lanes: [lane(0, { oldestReadyAt: ago(ms), waiting: 1001 })] });
    expect(late(HEALTH_LIMITS.readyMs + 1)).toMatchObject({
      kind: "ready_late",
      owner: "relay-1",
      severity: "waiting",
      count: 1001,
      atLeast: true,
    });
    expect(late(HEALTH_LIMITS.readyStoppedMs + 1)).toMatchObject({ kind: "ready_late", severity: "stopped" });
    expect(judge({ lanes: [lane(0, { oldestReadyAt: ago(HEALTH_LIMITS.readyMs) })] }).problems).toEqual([]);
  });

  test("a topic that Kafka does not have is the Kafka operator's", () => {
    const fault = { code: "topic_missing", detail: "no such topic", since: ago(90_000) };
    expect(only({ topics: [topic("bills", { fault, ready: 12 })] })).toMatchObject({
      kind: "topic_fault",
      topic: "bills",
      turn: "broker",
      count: 12,
      since: ago(90_000),
      severity: "stopped",
    });
  });

  test("what is paused on purpose is a note", () => {
    const paused = { by: "night-shift", since: ago(5000), reason: "migration" };
    const health = judge({
      topics: [topic("bills", { paused, fault: { code: "topic_missing", detail: null, since: ago(1) } })],
      lanes: [lane(0, { paused, oldestReadyAt: ago(600_000) })],
    });
    expect(health.verdict).toBe("well");
    expect(health.problems.map(({ kind }) => kind).toSorted()).toEqual(["lane_paused", "topic_paused"]);
  });

  test("prepared messages past their check time are their producer's, app by app", () => {
    const { problems, verdict } = judge({
      overduePrepared: [
        { app: "orders", count: 3, dueAt: ago(40_000) },
        { app: "billing", count: 1, dueAt: ago(90_000) },
        { app: "orders", count: 2, dueAt: ago(60_000) },
      ],
    });
    expect(verdict).toBe("waiting");
    expect(problems).toMatchObject([
      { kind: "prepared_overdue", app: "billing", count: 1, turn: "producer" },
      { kind: "prepared_overdue", app: "orders", count: 5, since: ago(60_000), atLeast: false },
    ]);
  });

  test("a count that reached its cap is a lower bound for everybody in it", () => {
    const { problems } = judge({
      overduePrepared: [
        { app: "orders", count: 1000, dueAt: ago(40_000) },
        { app: "billing", count: 1, dueAt: ago(90_000) },
      ],
    });
    expect(problems.map(({ atLeast }) => atLeast)).toEqual([true, true]);
  });

  test("an app that cannot be reached is the reason why its messages are overdue", () => {
    const overduePrepared = [
      { app: "orders", count: 4, dueAt: ago(40_000) },
      { app: "billing", count: 1, dueAt: ago(90_000) },
    ];
    const unreachable = [{ app: "orders", since: ago(60_000), lastError: "connection refused" }];
    expect(judge({ overduePrepared, unreachable }).problems).toMatchObject([
      { kind: "prepared_overdue", app: "billing", count: 1 },
      { kind: "app_unreachable", app: "orders", count: 4, since: ago(60_000), turn: "producer" },
    ]);
    expect(only({ unreachable })).toMatchObject({ kind: "app_unreachable", count: 0, severity: "waiting" });
  });

  test("a source has one trouble at a time, the one that has to be mended first", () => {
    const source = {
      name: "shop",
      fault: null,
      paused: null,
      owned: true,
      declaredAt: ago(60_000),
      refused: 0,
    };
    const fault = { code: "unreachable", detail: "connection refused", since: ago(5000) };
    const paused = { by: "op", since: ago(7000), reason: null };
    const kindOf = (more: object) => only({ sources: [{ ...source, ...more }] });
    expect(judge({ sources: [source] }).problems).toEqual([]);
    expect(judge({ sources: [{ ...source, owned: false, declaredAt: ago(1000) }] }).problems).toEqual([]);
    expect(kindOf({ refused: 3 })).toMatchObject({ kind: "source_refused", count: 3, severity: "waiting" });
    expect(kindOf({ refused: 3, fault })).toMatchObject({ kind: "source_fault", severity: "stopped" });
    expect(kindOf({ fault, owned: false })).toMatchObject({ kind: "source_unowned", severity: "stopped" });
    expect(kindOf({ fault, owned: false, paused })).toMatchObject({
      kind: "source_paused",
      severity: "notice",
    });
  });

  test("undecided and rejected wait for an operator", () => {
    const { problems } = judge({
      stuck: [
        { state: "UNDECIDED", app: "orders", topic: "a", count: 2, since: ago(10) },
        { state: "UNDECIDED", app: "orders", topic: "b", count: 1, since: ago(20) },
        { state: "REJECTED", app: "orders", topic: "b", count: 4, since: ago(30) },
      ],
    });
    expect(problems).toMatchObject([
      { kind: "rejected", topic: "b", count: 4, turn: "operator" },
      { kind: "undecided", app: "orders", count: 3, since: ago(20), turn: "operator" },
    ]);
  });

  test("scheduled messages past their time; without a recovery process that is the reason", () => {
    const overdueScheduled = [{ count: 2, dueAt: ago(60_000) }];
    expect(only({ overdueScheduled })).toMatchObject({ kind: "scheduled_overdue", count: 2 });
    expect(
      only({ overdueScheduled, workers: well.workers.filter((w) => w.kind !== "recover") }),
    ).toMatchObject({
      kind: "nobody_runs",
      worker: "recover",
    });
  });

  test("clocks apart are a note", () => {
    expect(only({ clockSkewMs: -4000 })).toMatchObject({
      kind: "clock_apart",
      ms: -4000,
      severity: "notice",
    });
  });
});

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

describe("a subscription", () => {
  const subscription = (more: Partial<HealthSnapshot["subscriptions"][number]> = {}) => ({
    topic: "orders.created",
    name: "shipping",
    ack: "explicit",
    paused: null,
    fault: null,
    disabled: null,
    throttled: null,
    standstill: null,
    waiting: 0,
    dead: null,
    ...more,
  });
  const of = (more: Partial<HealthSnapshot["subscriptions"][number]>) => ({
    workers: [...well.workers, worker("ack")],
    subscriptions: [subscription(more)],
  });
  const named = { topic: "orders.created", subscription: "shipping" };

  test("that delivers is no problem", () => {
    expect(judge(of({ waiting: 12 }))).toEqual({ verdict: "well", problems: [] });
  });

  test("with dead letters waits for an operator", () => {
    const problem = only(of({ dead: { count: 3, since: ago(9000) } }));
    expect(problem).toMatchObject({
      kind: "dead_letters",
      ...named,
      count: 3,
      severity: "waiting",
      turn: "operator",
    });
    expect(problem.since).toEqual(ago(9000));
  });

  test("that is throttled waits for its consumer", () => {
    const problem = only(of({ throttled: { since: ago(60_000), lastError: "503" }, waiting: 40 }));
    expect(problem).toMatchObject({ kind: "subscription_throttled", ...named, count: 40, turn: "consumer" });
  });

  test("whose own topic cannot be written waits for the broker", () => {
    const fault = { topic: "orders.created.shipping.retry", code: "topic_missing", since: ago(2000) };
    const problem = only(of({ fault, throttled: { since: ago(1), lastError: null } }));
    expect(problem).toMatchObject({ kind: "subscription_fault", ownTopic: fault.topic, turn: "broker" });
  });

  test("whose endpoint is disabled stands still, unless somebody paused it", () => {
    const disabled = { since: ago(1000), reason: "410" };
    expect(only(of({ disabled }))).toMatchObject({ kind: "subscription_disabled", severity: "stopped" });
    const paused = { by: "admin", since: ago(500), reason: "moving" };
    expect(only(of({ disabled, paused }))).toMatchObject({ kind: "subscription_paused", severity: "notice" });
  });

  test("whose group does not go on is named, once it takes longer than it may", () => {
    const stands = (seconds: number, more: object = {}) => {
      const standstill = {
        group: "g",
        since: ago(1000 * seconds),
        attended: false,
        records: 7,
        ackTimeoutMs: 30_000,
      };
      return of({ standstill: { ...standstill, ...more } });
    };
    expect(judge(stands(120)).problems).toEqual([]);
    expect(only(stands(121))).toMatchObject({
      kind: "group_stands",
      ...named,
      group: "g",
      attended: false,
      count: 7,
      severity: "waiting",
      turn: "consumer",
      since: ago(121_000),
    });
    expect(only(stands(121, { attended: true }))).toMatchObject({ attended: true });
    expect(judge(stands(1200, { ackTimeoutMs: 600_000 })).problems).toEqual([]);
    expect(judge(stands(1201, { ackTimeoutMs: 600_000 })).problems).toHaveLength(1);
  });

  test("needs a process of its own, by its mode; without one nobody is asked for", () => {
    for (const [ack, kind] of [
      ["offset", "ack"],
      ["explicit", "ack"],
      ["webhook", "notify"],
    ] as const) {
      const { subscriptions } = of({ ack });
      expect(only({ subscriptions })).toMatchObject({
        kind: "nobody_runs",
        worker: kind,
        severity: "waiting",
      });
      const { problems } = judge({ subscriptions, workers: [...well.workers, worker(kind)] });
      expect(problems).toEqual([]);
    }
  });
});
