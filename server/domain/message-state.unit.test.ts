import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyEvent,
  explainUnmoved,
  MESSAGE_EVENTS,
  MESSAGE_STATES,
  TERMINAL_STATES,
  TRANSITIONS,
} from "./message-state.ts";

const events = MESSAGE_EVENTS.filter((e) => e !== "prepare" && e !== "send");
const anyEvent = fc.constantFrom(...events);
const situation = fc.record({ state: fc.constantFrom(...MESSAGE_STATES), deliverLater: fc.boolean() });

describe("the state table", () => {
  test("nothing leads out of a terminal state", () => {
    expect(TERMINAL_STATES).toEqual(["CONSUMED", "CANCELLED"]);
    fc.assert(
      fc.property(
        anyEvent,
        fc.constantFrom(...TERMINAL_STATES),
        fc.boolean(),
        (event, state, deliverLater) => {
          expect(applyEvent(event, { state, deliverLater }).kind).not.toBe("moved");
        },
      ),
    );
  });

  test("every transition is idempotent: a second time finds it settled", () => {
    fc.assert(
      fc.property(anyEvent, situation, (event, before) => {
        const first = applyEvent(event, before);
        if (first.kind !== "moved") return;
        expect(applyEvent(event, { ...before, state: first.to })).toEqual({
          kind: "settled",
          state: first.to,
        });
      }),
    );
  });

  test("whatever happens afterwards, a decided message is never decided the other way", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), fc.boolean(), (run, deliverLater) => {
        let state = MESSAGE_STATES[0] as (typeof MESSAGE_STATES)[number];
        let decided: "confirmed" | "cancelled" | undefined;
        for (const event of run) {
          const outcome = applyEvent(event, { state, deliverLater });
          if (outcome.kind !== "moved") continue;
          state = outcome.to;
          if (event === "confirm") {
            expect(decided).toBeUndefined();
            decided = "confirmed";
          }
          if (event === "cancel") {
            expect(decided).toBeUndefined();
            decided = "cancelled";
          }
          if (state === "SENT") expect(decided).toBe("confirmed");
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("every state can be reached, and every state that is not terminal can be left", () => {
    const reached = new Set(TRANSITIONS.map((t) => t.to));
    expect([...reached].sort()).toEqual([...MESSAGE_STATES].sort());
    for (const state of MESSAGE_STATES) {
      expect(TRANSITIONS.some((t) => t.from === state)).toBe(!TERMINAL_STATES.includes(state));
    }
  });

  test("at most one row applies to an event, a state and a time", () => {
    const seen = new Set(TRANSITIONS.map((t) => `${t.event} ${t.from} ${t.when ?? ""}`));
    expect(seen.size).toBe(TRANSITIONS.length);
  });

  test("confirm and cancel explain themselves with the contract's codes", () => {
    expect(explainUnmoved("confirm", "SENT")).toEqual({ kind: "settled", state: "SENT" });
    expect(explainUnmoved("confirm", "CANCELLED")).toMatchObject({ code: "already_cancelled" });
    expect(explainUnmoved("cancel", "SCHEDULED")).toMatchObject({ code: "already_confirmed" });
    expect(explainUnmoved("cancel", "CANCELLED")).toEqual({ kind: "settled", state: "CANCELLED" });
  });
});
