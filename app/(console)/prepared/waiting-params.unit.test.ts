import { describe, expect, test } from "vitest";
import { readCursor, toWaitingInput, writeCursor } from "./waiting-params.ts";

const id = "0193a000-0000-7000-8000-000000000001";
const checkAt = new Date("2026-11-21T10:00:00.123Z");
const base = { show: "prepared", app: null, after: null } as const;

describe("the address of what waits", () => {
  test("keeps a cursor whole", () => {
    for (const cursor of [
      { id, checkAt },
      { id, checkAt: null },
    ])
      expect(readCursor(writeCursor(cursor))).toEqual(cursor);
  });

  test.each(["", "nothing", `${id}.`, `${id}.soon`, `${id}.99999999999999999`, "0193a000.5"])(
    "takes %j for no cursor",
    (after) => expect(toWaitingInput({ ...base, after }).after).toBeNull(),
  );

  test("takes a cursor of the other list for none", () => {
    expect(toWaitingInput({ ...base, after: id }).after).toBeNull();
    expect(toWaitingInput({ ...base, after: writeCursor({ id, checkAt }) }).after).toEqual({ id, checkAt });
    expect(toWaitingInput({ ...base, show: "undecided", after: `${id}.1` }).after).toBeNull();
    expect(toWaitingInput({ ...base, show: "undecided", after: id }).after).toEqual({ id, checkAt: null });
  });

  test("cuts a name that is longer than any", () => {
    expect(toWaitingInput({ ...base, app: "x".repeat(100) }).app).toHaveLength(64);
    expect(toWaitingInput({ ...base, app: "" }).app).toBeNull();
  });
});
