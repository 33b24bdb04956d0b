import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonFault, JsonScanner } from "./json-scanner.ts";

const scan = (text: string) => {
  const bytes = Buffer.from(text);
  const { from, to } = new JsonScanner(bytes).whole();
  return bytes.toString("utf8", from, to);
};
const accepts = (judge: (text: string) => unknown, text: string) => {
  try {
    judge(text);
    return true;
  } catch {
    return false;
  }
};
const space = fc.stringMatching(/^[ \n\r\t]{0,3}$/);

/** JSON text with whitespace wherever it may stand, and strings escaped in whatever way is legal. */
const string = fc.oneof(
  fc.string({ unit: "binary" }).map((s) => JSON.stringify(s)),
  fc.constantFrom('"\\u0000"', '"\\ud800"', '"\\/"', '"\\u00e9\\n\\""', '"__proto__"', '"é漢😀"'),
);
const jsonText = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("null", "true", "false", "0", "-0", "12345678901234567890.0987654321e-7", "1E+2", "-0.0"),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => JSON.stringify(n)),
    string,
    fc
      .array(fc.tuple(space, tie("value"), space))
      .map((items) => `[${items.map((i) => i.join("")).join(",")}]`),
    fc
      .array(fc.tuple(space, string, space, space, tie("value"), space))
      .map((items) => `{${items.map(([a, k, b, c, v, d]) => `${a}${k}${b}:${c}${v}${d}`).join(",")}}`),
  ),
})).value;

describe("the scanner accepts what JSON.parse accepts", () => {
  test("for every JSON text, cut to the value itself", () => {
    fc.assert(
      fc.property(space, jsonText, space, (before, text, after) => {
        expect(JSON.parse(text)).toEqual(JSON.parse(scan(before + text + after)));
        expect(scan(before + text + after)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test("for JSON texts with one character changed, removed or added", () => {
    const broken = fc
      .tuple(jsonText, fc.nat(), fc.constantFrom(...'{}[]",:\\ue+-.0123tfn \u0000\n/*'), fc.nat(2))
      .map(([text, n, character, how]) => {
        const at = n % (text.length + 1);
        return text.slice(0, at) + (how === 2 ? "" : character) + text.slice(how === 0 ? at : at + 1);
      });
    fc.assert(
      fc.property(broken, (text) => {
        expect(accepts(scan, text)).toBe(accepts(JSON.parse, text));
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    "",
    " ",
    "[",
    "{",
    '{"a"',
    '{"a":',
    "[1",
    '"',
    '"\\',
    '"\\u12',
    "01",
    "1.",
    "1e",
    "-",
    "+1",
    "NaN",
    "[1,]",
    '{"a":1,}',
    "{,}",
    "'a'",
    "tru",
    "nulll",
    "1 2",
    "\ufeff1",
    "{1:2}",
    '"\t"',
  ])("refuses %j", (text) => {
    expect(() => scan(text)).toThrow(JsonFault);
  });
});

test("depth costs no stack", () => {
  const deep = "[".repeat(300_000) + "]".repeat(300_000);
  expect(scan(deep)).toBe(deep);
});

test("members are visited in the order written, duplicates and integer-like names included", () => {
  const text = '{ "b" : 1.50, "2":[ {"x":"}"} ] ,"1":null,"b":"\\u0062","\\u0061":{} }';
  const bytes = Buffer.from(text);
  const scanner = new JsonScanner(bytes);
  const seen: [string, string][] = [];
  scanner.members(scanner.whole().from, (name, from, to) =>
    seen.push([name, bytes.toString("utf8", from, to)]),
  );
  expect(seen).toEqual([
    ["b", "1.50"],
    ["2", '[ {"x":"}"} ]'],
    ["1", "null"],
    ["b", '"\\u0062"'],
    ["a", "{}"],
  ]);
});

test("elements of an array are slices of the text", () => {
  fc.assert(
    fc.property(fc.array(jsonText), (items) => {
      const bytes = Buffer.from(`[ ${items.join(" , ")} ]`);
      const scanner = new JsonScanner(bytes);
      const seen: string[] = [];
      scanner.elements(scanner.whole().from, (from) => {
        const to = scanner.skip(from);
        seen.push(bytes.toString("utf8", from, to));
        return to;
      });
      expect(seen).toEqual(items);
    }),
  );
});
