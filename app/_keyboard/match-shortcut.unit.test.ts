import { describe, expect, test } from "vitest";
import { matchShortcut, pressName } from "./match-shortcut.ts";

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe("the name of a press", () => {
  test.each([
    [{ ...plain, key: "j" }, "j"],
    [{ ...plain, key: "J", shiftKey: true }, "J"],
    [{ ...plain, key: "?", shiftKey: true }, "?"],
    [{ ...plain, key: "k", ctrlKey: true }, "mod+k"],
    [{ ...plain, key: "K", metaKey: true, shiftKey: true }, "mod+k"],
    [{ ...plain, key: " " }, "space"],
    [{ ...plain, key: "ArrowUp", shiftKey: true }, "shift+up"],
    [{ ...plain, key: "Enter" }, "enter"],
    [{ ...plain, key: "Shift", shiftKey: true }, null],
    [{ ...plain, key: "Dead" }, null],
  ])("%o is %s", (press, name) => {
    expect(pressName(press)).toBe(name);
  });
});

describe("sequences", () => {
  const list = [{ keys: "g m" }, { keys: "g s" }, { keys: "m" }, { keys: "/" }];

  test("a single key hits at once", () => {
    expect(matchShortcut(list, [], "/")).toEqual({ hit: { keys: "/" }, pending: [] });
  });

  test("the first of two keys waits for the second", () => {
    expect(matchShortcut(list, [], "g")).toEqual({ hit: null, pending: ["g"] });
    expect(matchShortcut(list, ["g"], "m")).toEqual({ hit: { keys: "g m" }, pending: [] });
  });

  test("a key that does not go on with the sequence stands for itself", () => {
    expect(matchShortcut(list, ["g"], "/")).toEqual({ hit: { keys: "/" }, pending: [] });
    expect(matchShortcut(list, ["g"], "g")).toEqual({ hit: null, pending: ["g"] });
    expect(matchShortcut(list, ["g"], "x")).toEqual({ hit: null, pending: [] });
  });

  test("the shortcut registered last wins", () => {
    const page = { keys: "/", page: true };
    expect(matchShortcut([...list, page], [], "/").hit).toBe(page);
  });
});
