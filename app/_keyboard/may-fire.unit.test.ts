import { expect, test } from "vitest";
import { mayFire } from "./may-fire.ts";

const free = { typing: false, onControl: false, inDialog: false, inMenu: false };
const page = { inDialog: false };
const drawer = { inDialog: true };

test.each([
  ["j", page, free, true],
  ["j", page, { ...free, typing: true }, false],
  ["mod+k", page, { ...free, typing: true }, true],
  ["enter", page, { ...free, onControl: true }, false],
  ["space", page, { ...free, onControl: true }, false],
  ["j", page, { ...free, onControl: true }, true],
  ["j", page, { ...free, inDialog: true }, false],
  ["j", drawer, { ...free, inDialog: true }, true],
  ["j", drawer, { ...free, inDialog: true, typing: true }, false],
  ["j", page, { ...free, inMenu: true }, false],
])("%s of %o in %o: %s", (press, shortcut, situation, fires) => {
  expect(mayFire(press, shortcut, situation)).toBe(fires);
});
