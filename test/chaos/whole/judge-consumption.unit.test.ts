import { expect, test } from "vitest";
import { type Evidence, isConsumed, judgeConsumption } from "./judge-consumption.ts";

const record = (id: string, offset: number) => ({
  id,
  topic: "t",
  partition: 0,
  offset: BigInt(offset),
  attempt: 1,
  key: "k",
});
const effect = (id: string, subscription: string, attempt = 1) => ({ id, subscription, attempt, key: "k" });
const delivery = (id: string, state: Evidence["deliveries"][number]["state"], attempt = 1) => ({
  id,
  subscription: "told",
  state,
  attempt,
  drive: 0,
  driveFrom: 0,
});

/** Two messages for a consumer that acknowledges and one by offset; `b` needed two attempts, and `d` cannot be handled. */
const fine = (): { -readonly [K in keyof Evidence]: Evidence[K] } => ({
  subscriptions: [
    { name: "told", topic: "t", tracked: true, inOrder: true, maxAttempts: 3 },
    { name: "seen", topic: "t", tracked: false, inOrder: true, maxAttempts: 0 },
  ],
  records: [record("a", 0), record("b", 1), record("d", 2), record("e", 3)],
  redeliveries: [{ id: "b", subscription: "told", attempt: 2 }],
  recorded: [{ id: "b", subscription: "told", attempt: 2 }],
  deadLetters: [{ id: "d", subscription: "told" }],
  effects: [
    effect("a", "told"),
    effect("e", "told"),
    effect("b", "told", 2),
    effect("a", "seen"),
    effect("b", "seen"),
    effect("e", "seen"),
  ],
  refused: [{ id: "d", subscription: "seen" }],
  deliveries: [
    delivery("a", "ACKED"),
    delivery("b", "ACKED", 2),
    delivery("d", "DEAD"),
    delivery("e", "ACKED"),
  ],
  isDeadly: ({ id }) => id === "d",
});

/** Redeliveries of `b` up to an attempt. */
const attempts = (last: number) =>
  Array.from({ length: last - 1 }, (_, i) => ({ id: "b", subscription: "told", attempt: i + 2 }));

test("what went well is well", () => {
  const verdict = judgeConsumption(fine());
  expect(verdict).toMatchObject({ due: 8, effects: 6, dead: 2, redeliveries: 1 });
  expect(isConsumed(verdict)).toBe(true);
});

test.each<[string, Partial<Evidence>, Partial<ReturnType<typeof judgeConsumption>>]>([
  ["an effect is missing", { effects: fine().effects.slice(1) }, { lostInEffect: 1 }],
  ["given up without a reason", { isDeadly: () => false }, { lostInEffect: 2 }],
  ["not done, and nobody gave it up", { refused: [] }, { lostInEffect: 1 }],
  ["done twice", { effects: [...fine().effects, effect("a", "told", 2)] }, { doubledInEffect: 1 }],
  ["done, and dead", { effects: [...fine().effects, effect("d", "told", 2)] }, { doubledInEffect: 1 }],
  ["never sent", { effects: [...fine().effects, effect("x", "told")] }, { phantoms: 1 }],
  [
    "in another order than sent",
    { effects: [effect("e", "told"), effect("a", "told"), ...fine().effects.slice(2)] },
    { effectsOutOfOrder: 1 },
  ],
  [
    "an attempt in the broker twice",
    { redeliveries: [...fine().redeliveries, ...fine().redeliveries] },
    { redeliveredTwice: 1 },
  ],
  ["a redelivery that is not there", { redeliveries: [] }, { neverRedelivered: 1 }],
  ["a redelivery that nobody knows of", { recorded: [] }, { neverRecorded: 1 }],
  ["a death without a letter", { deadLetters: [] }, { neverRedelivered: 1 }],
  [
    "two letters of a death",
    { deadLetters: [...fine().deadLetters, ...fine().deadLetters] },
    { redeliveredTwice: 1 },
  ],
  ["an attempt too many", { redeliveries: attempts(4), recorded: attempts(4) }, { beyondMaximum: 1 }],
])("%s", (_, changed, faults) => {
  const none = {
    lostInEffect: 0,
    doubledInEffect: 0,
    phantoms: 0,
    effectsOutOfOrder: 0,
    redeliveredTwice: 0,
    neverRedelivered: 0,
    neverRecorded: 0,
    beyondMaximum: 0,
  };
  const verdict = judgeConsumption({ ...fine(), ...changed });
  expect(verdict).toMatchObject({ ...none, ...faults });
  expect(isConsumed(verdict)).toBe(false);
});

test("a redrive counts attempts anew, and may be told of once more", () => {
  const redriven = { ...delivery("b", "ACKED", 5), drive: 1, driveFrom: 3 };
  const verdict = judgeConsumption({
    ...fine(),
    deliveries: [...fine().deliveries.filter(({ id }) => id !== "b"), redriven],
    redeliveries: attempts(5),
    recorded: attempts(5),
    deadLetters: [...fine().deadLetters, { id: "b", subscription: "told" }],
  });
  expect(isConsumed(verdict)).toBe(true);
});
