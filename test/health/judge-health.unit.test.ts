import { describe, expect, test } from "vitest";
import { HEALTH_LIMITS, NEEDED_KINDS } from "../../server/domain/health-snapshot.ts";
import { judgeHealth } from "../../server/domain/judge-health.ts";
import { ago, judge, lane, only, topic, well, worker } from "./healthy-service.ts";

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
