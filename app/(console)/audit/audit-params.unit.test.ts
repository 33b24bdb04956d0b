import { expect, test } from "vitest";
import { type AuditParams, NO_FILTER, exportHref, isFiltered, toAuditQuery } from "./audit-params.ts";

const params = (part: Partial<AuditParams>): AuditParams => ({ ...NO_FILTER, ...part });

test("an address without filters asks for everything", () => {
  const query = toAuditQuery(params({}));
  expect(Object.values(query.filter).every((value) => value === null)).toBe(true);
  expect(query.before).toBeNull();
  expect(isFiltered(params({ before: "12" }))).toBe(false);
});

test("a range that ends now is counted back by the database's clock", () => {
  expect(toAuditQuery(params({ recent: "1h" })).filter).toMatchObject({ withinSeconds: 3600, from: null });
});

test.each(["0", "-1", "1.5", "x", "9".repeat(30)])("%j is no cursor", (before) => {
  expect(toAuditQuery(params({ before })).before).toBeNull();
});

test("the file holds what the page shows", () => {
  const href = exportHref(params({ who: " ada ", q: "a&b", from: new Date("2026-01-01T00:00:00Z") }), "csv");
  expect(Object.fromEntries(new URL(href, "http://console.example").searchParams)).toEqual({
    actor: "ada",
    text: "a&b",
    from: "2026-01-01T00:00:00.000Z",
    format: "csv",
  });
});
