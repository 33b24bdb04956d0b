import { expect, test, vi } from "vitest";
import { quietly } from "./trouble.ts";

const trouble = { kind: "broker", error: new Error("away") } as const;

test("what a listener throws, now or later, reaches nobody", async () => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  const heard: unknown[] = [];
  const throwing = quietly((told) => {
    heard.push(told);
    throw new Error("no log");
  });
  const rejecting = quietly(async (told) => {
    heard.push(told);
    throw new Error("no log either");
  });
  throwing(trouble);
  rejecting(trouble);
  quietly(undefined)(trouble);
  expect(heard).toEqual([trouble, trouble]);
  await new Promise((turn) => setImmediate(turn)); // rejections without a handler are told by then
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});
