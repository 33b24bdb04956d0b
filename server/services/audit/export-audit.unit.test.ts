import fc from "fast-check";
import { expect, test } from "vitest";
import type { AuditDetail } from "../../store/audit-log.ts";
import { csvLine, jsonLine } from "./export-audit.ts";

const line = (part: Partial<AuditDetail>): AuditDetail => ({
  id: "9007199254740993",
  at: new Date("2026-03-04T05:06:07.089Z"),
  actorId: null,
  actorName: "night-shift",
  action: "message.resend",
  targetKind: "message",
  targetId: "0193a000-0000-7000-8000-000000000000",
  targetLabel: null,
  reason: null,
  ip: null,
  userAgent: null,
  before: null,
  after: null,
  ...part,
});

/** Reads a record as RFC 4180 says. */
function cells(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"(?:,|\r\n)/g)].map((match) => match[1]!.replaceAll('""', '"'));
}

test("a record reads back as it was, ids to the last digit", () => {
  const read = cells(csvLine(line({ reason: 'he said "no",\nthen left', after: { role: "admin" } })));
  expect(read).toHaveLength(13);
  expect(read[0]).toBe("9007199254740993");
  expect(read[1]).toBe("2026-03-04T05:06:07.089Z");
  expect(read[8]).toBe('he said "no",\nthen left');
  expect(read[12]).toBe('{"role":"admin"}');
});

test("no cell is a formula, whatever was typed", () => {
  const starts = fc.constantFrom("=", "+", "-", "@", "\t=", "\r=", " =", "\n+", "＝", "|", "%");
  fc.assert(
    fc.property(starts, fc.string(), (start, rest) => {
      const [reason, name] = [cells(csvLine(line({ reason: start + rest })))[8]!, start + rest];
      expect(reason).toBe(`'${name}`);
    }),
  );
});

test("a line of JSON is one line, with null for what is not there", () => {
  const text = jsonLine(line({ reason: "two\nlines" }));
  expect(text.trimEnd().split("\n")).toHaveLength(1);
  expect(JSON.parse(text)).toMatchObject({ id: "9007199254740993", reason: "two\nlines", ip: null });
});
