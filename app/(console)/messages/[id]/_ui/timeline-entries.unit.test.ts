import { describe, expect, test } from "vitest";
import { type Message, timelineEntries } from "./timeline-entries.ts";

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
  ...more,
});
const kinds = (of: Message) => timelineEntries(of).map(({ kind, after }) => [kind, after]);

describe("a message's life", () => {
  test("prepared: stored, and asked about later", () => {
    expect(kinds(message({ checkAt: at(30) }))).toEqual([
      ["stored", null],
      ["checkDue", 30_000],
    ]);
  });

  test("confirmed and sent, with what was recorded between", () => {
    const event = { at: at(1), kind: "check_back", actor: "confirm", detail: null };
    const sent = message({
      state: "SENT",
      decidedAt: at(2),
      decidedBy: "check_back",
      sentAt: at(3),
      events: [event],
    });
    expect(kinds(sent)).toEqual([
      ["stored", null],
      ["event", 1000],
      ["confirmed", 1000],
      ["sent", 1000],
    ]);
  });

  test("sent in one phase: stored as committed, in one step", () => {
    expect(kinds(message({ state: "SENT", decidedAt: at(0), decidedBy: "producer", sentAt: at(0) }))).toEqual(
      [
        ["sentNow", null],
        ["sent", 0],
      ],
    );
  });

  test("cancelled, even in the moment it was stored", () => {
    const cancelled = message({ state: "CANCELLED", decidedAt: at(0), decidedBy: "producer" });
    expect(kinds(cancelled)).toEqual([
      ["stored", null],
      ["cancelled", 0],
    ]);
  });
});
