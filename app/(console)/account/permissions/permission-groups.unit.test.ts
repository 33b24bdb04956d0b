import { expect, test } from "vitest";
import { PERMISSIONS } from "../../../../server/auth/permissions.ts";
import { PERMISSION_GROUPS } from "./_ui/permission-groups.ts";

test("the page names every permission once", () => {
  const named = PERMISSION_GROUPS.flatMap(({ permissions }) => [...permissions] as string[]);
  expect(named.toSorted()).toEqual(Object.keys(PERMISSIONS).toSorted());
});
