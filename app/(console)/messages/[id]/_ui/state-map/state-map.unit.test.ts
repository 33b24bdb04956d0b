import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  MESSAGE_EVENTS,
  type MessageState,
  TRANSITIONS,
  type Transition,
} from "@/server/domain/message-state.ts";
import { NARROW, WIDE, layOut } from "./state-map-layout.ts";
import { type Place, travelledPath } from "./travelled-path.ts";

const at = (seconds: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, seconds));

describe.each([
  ["wide", WIDE],
  ["narrow", NARROW],
])("the %s picture", (_, form) => {
  const layout = layOut(form);

  test("has an arrow for every row of the state table and no other", () => {
    const drawn = layout.arrows.map(({ from, to }) => `${from} ${to}`);
    expect(new Set(drawn)).toEqual(new Set(TRANSITIONS.map(({ from, to }) => `${from} ${to}`)));
    expect(drawn).toHaveLength(new Set(drawn).size);
  });

  test("keeps its boxes inside and apart", () => {
    for (const box of layout.boxes) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x + layout.box.width).toBeLessThanOrEqual(layout.width);
      expect(box.y + layout.box.height).toBeLessThanOrEqual(layout.height);
      for (const other of layout.boxes.filter((one) => one !== box))
        expect(
          Math.abs(box.x - other.x) >= layout.box.width || Math.abs(box.y - other.y) >= layout.box.height,
        ).toBe(true);
    }
  });
});

/** A life along the table, with what it leaves behind in times and events. */
function live(choices: readonly number[]) {
  const walk: Place[] = [null];
  const message: Parameters<typeof travelledPath>[0] & { events: { kind: string }[] } = {
    state: "PREPARED",
    storedAt: at(0),
    decidedAt: null,
    deliverAt: null,
    movedAt: null,
    events: [],
  };
  for (const [n, choice] of choices.entries()) {
    const open = TRANSITIONS.filter((t) => t.from === walk.at(-1));
    if (open.length === 0) break;
    const step = open[choice % open.length]!;
    walk.push(step.to);
    message.state = step.to;
    record(message, step, at(n));
  }
  return { walk, message };
}

function record(message: Parameters<typeof travelledPath>[0], step: Transition, when: Date) {
  const note = (kind: string, detail: Record<string, unknown>) =>
    message.events.push({ at: when, kind, actor: "test", detail });
  if (step.event === "send") message.decidedAt = message.storedAt;
  if (step.event === "confirm" || step.event === "cancel") {
    message.decidedAt = new Date(when.getTime() + 1);
  }
  if (step.event === "give_up") message.movedAt = when;
  if (step.event === "ask_again") {
    note("asked_again", { from: "UNDECIDED" });
    message.movedAt = null;
  }
  if (step.to === "SCHEDULED") message.deliverAt = at(100);
  if (step.event === "reject") note("rejected", {});
  // What the row knew of the giving up is written over by what comes later; then the event tells.
  if (step.event === "reject" || step.event === "come_due") {
    if (message.movedAt !== null) note("forced_confirm", { from: "UNDECIDED" });
    message.movedAt = null;
  }
  if (step.event === "resend") note("resend_asked", { from: "REJECTED" });
}

describe("the path travelled", () => {
  test("is the life that left these times and events behind", () => {
    expect(MESSAGE_EVENTS).toContain("resend");
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 12 }), (choices) => {
        const { walk, message } = live(choices);
        expect(travelledPath(message)).toEqual(walk);
      }),
      { numRuns: 2000 },
    );
  });

  test("ends where the message is, even when the record is incomplete", () => {
    const known = { storedAt: at(0), decidedAt: at(1), deliverAt: null, movedAt: null, events: [] };
    const path = (state: MessageState) => travelledPath({ ...known, state });
    expect(path("CONSUMED")).toEqual([null, "PREPARED", "READY", "SENT", "CONSUMED"]);
    expect(path("REJECTED")).toEqual([null, "PREPARED", "READY", "REJECTED"]);
    expect(path("CANCELLED")).toEqual([null, "PREPARED", "CANCELLED"]);
    expect(path("UNDECIDED").at(-1)).toBe("UNDECIDED");
  });
});
