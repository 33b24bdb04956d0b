import { describe, expect, test } from "vitest";
import type { HealthSnapshot } from "../../server/domain/health-snapshot.ts";
import { ago, judge, only, well, worker } from "./healthy-service.ts";

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
