import { expect, test } from "vitest";
import { isClean, judge, type Seen, type Truth } from "./judge.ts";

const truth = (): Truth => ({
  confirmed: new Map([
    ["a1", { topic: "t", key: "a", n: 1 }],
    ["a2", { topic: "t", key: "a", n: 2 }],
    ["b1", { topic: "t", key: "b", n: 1 }],
  ]),
  neverSent: new Set(["c1"]),
  unknown: new Set(["u1"]),
  resends: new Map(),
  maybeResent: new Set(["b1"]),
});
/** `a1` its first attempt, `a1:2` its second. */
const saw = (...records: string[]): Seen[] =>
  records.map((record, i) => {
    const [id, attempt = "1"] = record.split(":");
    return { id: id!, topic: "t", partition: 0, offset: BigInt(i), attempt: Number(attempt) };
  });

test.each([
  [["a1", "b1", "a2"], {}],
  [["a1", "b1", "u1", "a2"], {}],
  [["a1", "a2"], { lost: 1 }],
  [["a1", "b1", "a2", "b1"], { duplicated: 1 }],
  [["a1", "b1", "a2", "u1", "u1"], { duplicated: 1 }],
  [["a2", "b1", "a1"], { outOfOrder: 1 }],
  [["a1", "b1", "a2", "c1"], { cancelledSeen: 1 }],
  [["a1", "b1", "a2", "x"], { strangers: 1 }],
  [["a1", "b1", "a2", "a1:2"], { strangers: 1 }],
  [["a1", "b1", "a2", "b1:2"], {}],
  [["a1", "b1", "a2", "b1:2", "b1:2"], { duplicated: 1 }],
])("%j", (ids, faults) => {
  const verdict = judge(truth(), saw(...ids));
  const none = { lost: 0, duplicated: 0, outOfOrder: 0, cancelledSeen: 0, strangers: 0 };
  expect(verdict).toMatchObject({ ...none, ...faults });
  expect(isClean(verdict)).toBe(Object.keys(faults).length === 0);
});

test.each([
  [["a1", "b1", "a1:2", "a2", "a1:3"], {}],
  [["a1", "b1", "a1:2", "a2"], { lost: 1 }],
  [["a1", "b1", "a1:2", "a2", "a1:3", "a1:3"], { duplicated: 1 }],
  [["b1", "a1:2", "a1", "a2", "a1:3"], { outOfOrder: 1 }],
])("asked to send a1 again as 2 and 3: %j", (records, faults) => {
  const verdict = judge({ ...truth(), resends: new Map([["a1", new Set([2, 3])]]) }, saw(...records));
  const none = { lost: 0, duplicated: 0, outOfOrder: 0, strangers: 0 };
  expect(verdict).toMatchObject({ ...none, ...faults, resendsAsked: 2 });
  expect(isClean(verdict)).toBe(Object.keys(faults).length === 0);
});

test("a key that changes its partition has lost its order", () => {
  const seen = saw("a1", "b1", "a2");
  seen[2]!.partition = 1;
  expect(judge(truth(), seen).outOfOrder).toBe(1);
});
