import { describe, expect, test } from "vitest";
import type { Message } from "./message-type.ts";
import { isFuture, timelineEntries } from "./timeline-entries.ts";

const at = (seconds: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, seconds));
const message = (more: Partial<Message>): Message => ({
  id: "0193a000-0000-7000-8000-000000000000",
  app: "orders",
  appId: 1,
  topic: "orders.created",
  topicId: 1,
  lane: 0,
  key: null,
  type: null,
  businessKey: null,
  contentType: "application/json",
  headers: {},
  traceparent: null,
  payloadBytes: 2,
  state: "PREPARED",
  storedAt: at(0),
  decidedAt: null,
  decidedBy: null,
  sentAt: null,
  checkAt: null,
  checks: 0,
  deliverAt: null,
  heldAt: null,
  brokerPartition: null,
  brokerOffset: null,
  reason: null,
  masked: false,
  topicFault: null,
  events: [],
  attempt: 1,
  movedAt: null,
  laneOwner: "relay-1",
  laneFault: null,
  lanePausedAt: null,
  topicPausedAt: null,
  ahead: null,
  audit: [],
  openResend: null,
  checkBacks: [],
  deliveries: [],
  open: 0,
  byOffset: [],
  producer: { checkUrl: null, maxAttempts: 12, breaker: null },
  ...more,
});
const event = (seconds: number, kind: string, detail: Record<string, unknown> | null = null) => ({
  at: at(seconds),
  kind,
  actor: "admin",
  detail,
});
const kinds = (of: Message) => timelineEntries(of).map((entry) => entry.kind);

describe("a message's life", () => {
  test("prepared: stored, and asked about later", () => {
    expect(kinds(message({ checkAt: at(30) }))).toEqual(["stored", "checkDue"]);
  });

  test("asked about: each check-back at its time, the next one at the end", () => {
    const asked = (seconds: number): Message["checkBacks"][number] => ({
      at: at(seconds),
      durationMs: 5,
      attempt: 1,
      url: "https://orders.example.com/check",
      status: 200,
      body: "{}",
      bodyCut: false,
      outcome: "unknown",
      effect: "asks_again",
      error: null,
      detail: null,
      request: {
        messageId: "0193a000-0000-7000-8000-000000000000",
        businessKey: null,
        topic: "orders.created",
        type: null,
        preparedAt: at(0).toISOString(),
        attempt: 1,
      },
    });
    const waiting = message({ checkBacks: [asked(10), asked(30)], checkAt: at(70), checks: 2 });
    expect(kinds(waiting)).toEqual(["stored", "checkBack", "checkBack", "checkDue"]);
  });

  test("confirmed and sent, with what was recorded between", () => {
    const sent = message({
      state: "SENT",
      decidedAt: at(2),
      decidedBy: "check_back",
      sentAt: at(3),
      events: [event(1, "check_back")],
    });
    expect(kinds(sent)).toEqual(["stored", "event", "confirmed", "sent"]);
  });

  test("sent in one phase: stored as committed, in one step", () => {
    expect(kinds(message({ state: "SENT", decidedAt: at(0), decidedBy: "producer", sentAt: at(0) }))).toEqual(
      ["sentNow", "sent"],
    );
  });

  test("cancelled, even in the moment it was stored", () => {
    const cancelled = message({ state: "CANCELLED", decidedAt: at(0), decidedBy: "producer" });
    expect(kinds(cancelled)).toEqual(["stored", "cancelled"]);
  });

  test("a forced decision is one step, with who and why", () => {
    const forced = event(5, "forced_cancel", { reason: "never paid" });
    const cancelled = message({
      state: "CANCELLED",
      decidedAt: at(5),
      decidedBy: "operator",
      events: [forced],
    });
    expect(timelineEntries(cancelled)).toMatchObject([
      { kind: "stored" },
      { kind: "cancelled", by: "operator", event: forced },
    ]);
  });

  test("rejected, asked for again and sent, with an operator's look between", () => {
    const audit = [{ id: 7n, at: at(4), actor: "admin", action: "message.unmask", reason: null }];
    const sent = message({
      state: "SENT",
      decidedAt: at(1),
      decidedBy: "producer",
      sentAt: at(9),
      audit,
      events: [event(3, "rejected"), event(6, "resend_asked")],
    });
    expect(kinds(sent)).toEqual(["stored", "confirmed", "event", "audit", "event", "sent"]);
  });

  test("a time to deliver is due while it is waited for, has come afterwards, and is nothing when it had passed", () => {
    const scheduled = message({ state: "SCHEDULED", decidedAt: at(1), deliverAt: at(60) });
    expect(kinds(scheduled)).toEqual(["stored", "confirmed", "deliverDue"]);
    expect(kinds({ ...scheduled, state: "SENT", sentAt: at(61) })).toEqual([
      "stored",
      "confirmed",
      "deliverCame",
      "sent",
    ]);
    expect(kinds({ ...scheduled, state: "READY", deliverAt: at(-5) })).toEqual(["stored", "confirmed"]);
  });

  test("keys of entries are distinct", () => {
    const busy = message({ events: [event(1, "resend_sent"), event(1, "resend_sent")], checkAt: at(9) });
    const keys = timelineEntries(busy).map((entry) => entry.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("sent: what its consumers said stands between being sent and being done everywhere, what is due comes last", () => {
    const delivery = (part: Partial<Message["deliveries"][number]>) =>
      ({
        subscriptionId: 1,
        attempts: [],
        dueAt: null,
        movedAt: at(9),
        state: "ACKED",
        ...part,
      }) as Message["deliveries"][number];
    const failed = {
      kind: "retry",
      at: at(5),
      attempt: 1,
    } as Message["deliveries"][number]["attempts"][number];
    const sent = { state: "SENT", decidedAt: at(1), decidedBy: "producer", sentAt: at(2) } as const;
    const under = message({
      ...sent,
      deliveries: [
        delivery({ state: "WAITING", attempts: [failed], dueAt: at(60) }),
        delivery({ subscriptionId: 2, movedAt: at(3) }),
      ],
    });
    expect(timelineEntries(under).map((entry) => [entry.kind, isFuture(entry)])).toEqual([
      ["stored", false],
      ["confirmed", false],
      ["sent", false],
      ["delivery", false],
      ["delivery", false],
      ["delivery", true],
    ]);
    const done = message({ ...sent, state: "CONSUMED", movedAt: at(9), deliveries: [delivery({})] });
    expect(kinds(done).slice(-2)).toEqual(["delivery", "consumed"]);
  });
});
