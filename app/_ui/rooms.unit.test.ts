import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
// oxlint-disable-next-line no-restricted-imports -- a test looks at both sides
import { PERMISSIONS } from "../../server/auth/permissions.ts";
import { HOME, ROOMS } from "./rooms.ts";

const page = (href: string) => join(import.meta.dirname, "../(console)", href, "page.tsx");

test("the navigation offers no room that does not exist", () => {
  for (const { href } of ROOMS) expect(existsSync(page(href)), href).toBe(true);
  expect(existsSync(page(HOME))).toBe(true);
});

test("each room names a permission that there is, and a shortcut of its own", () => {
  for (const { permission } of ROOMS) expect(Object.keys(PERMISSIONS)).toContain(permission);
  expect(new Set(ROOMS.map(({ key }) => key)).size).toBe(ROOMS.length);
});
