import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newMessageId } from "./message-id.ts";
import { MESSAGE_STATES } from "./message-state.ts";
import { parseSearch, valuesOfCondition } from "./parse-search.ts";
import { printSearch } from "./print-search.ts";
import {
  MAX_PAYLOAD_CONDITIONS,
  type PayloadCondition,
  type SearchQuery,
  SPAN_UNITS,
} from "./search-query.ts";

const text = fc
  .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
  .filter((value) => !/\0|\p{Surrogate}/u.test(value));
const odd = fc.oneof(
  text,
  fc.constantFrom('a"b', "a\\", "topic:x", "payload.a=1", "a b", "\n", "=", ":", "$", "[0]"),
);
const step = fc.oneof(odd, fc.nat({ max: 999_999_999 }), fc.constant("$"), fc.constant(""));
const bare = fc.stringMatching(/^[^\s"\0]{1,10}$/u).filter((value) => !/\p{Surrogate}|\p{C}/u.test(value));
const condition: fc.Arbitrary<PayloadCondition> = fc.oneof(
  fc.record({
    path: fc.array(step, { maxLength: 4 }),
    quoted: fc.constant(true),
    text: fc.oneof(odd, fc.constant("")),
  }),
  fc.record({ path: fc.array(step, { maxLength: 4 }), quoted: fc.constant(false), text: bare }),
);
const written = fc.constantFrom(
  "2026-11-21",
  "2026-11-21T10:00",
  "2026-02-28T23:59:59.5Z",
  "2026-11-21T10:00+08:00",
);
const times = fc.record({ after: written, before: written }, { requiredKeys: [] });
const span = fc.record({
  last: fc.record({
    count: fc.integer({ min: 1, max: 9999 }),
    unit: fc.constantFrom(...(Object.keys(SPAN_UNITS) as (keyof typeof SPAN_UNITS)[])),
  }),
});
const query: fc.Arbitrary<SearchQuery> = fc
  .tuple(
    fc.record(
      {
        any: odd,
        id: fc.constantFrom(newMessageId(), "0193a000", "0193a000-0000-7", "0193"),
        topic: odd,
        app: odd,
        states: fc
          .subarray([...MESSAGE_STATES], { minLength: 1 })
          .map((some) => MESSAGE_STATES.filter((state) => some.includes(state))),
        key: odd,
        businessKey: odd,
        type: odd,
        payload: fc.array(condition, { minLength: 1, maxLength: MAX_PAYLOAD_CONDITIONS }),
      },
      { requiredKeys: [] },
    ),
    fc.oneof(times, span, fc.constant({})),
  )
  .map(([fields, when]) => ({ ...fields, ...when }))
  .filter((one) => printSearch(one).length <= 1000);

describe("the language", () => {
  test("what is printed is read as the same", () => {
    fc.assert(
      fc.property(query, (one) => {
        const { query: read, problem } = parseSearch(printSearch(one));
        expect(problem).toBeNull();
        expect(read).toEqual(one);
      }),
      { numRuns: 2000 },
    );
  });

  test("no text throws; a problem lies within it and what is understood prints as itself", () => {
    const piece = fc.oneof(
      text,
      fc.constantFrom(
        "topic:",
        "payload",
        ".",
        "[",
        "]",
        "=",
        '"',
        "\\",
        " ",
        "state:",
        "last:2h",
        "id:",
        "$",
        "0",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const source = pieces.join("");
        const { query: read, problem, terms } = parseSearch(source);
        for (const term of terms) expect(source.slice(term.at, term.end).trim()).not.toBe("");
        if (problem === null) expect(parseSearch(printSearch(read)).query).toEqual(read);
        else {
          expect(problem.at).toBeGreaterThanOrEqual(0);
          expect(problem.at).toBeLessThanOrEqual(source.length);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("reads the fields, their other names and states in any case", () => {
    expect(
      parseSearch(
        ' topic:orders.created STATE:sent,READY app:orders key:42 businessKey:o-17 type:"order created" since:2026-11-21T10:00 ',
      ),
    ).toMatchObject({
      problem: null,
      query: {
        topic: "orders.created",
        states: ["READY", "SENT"],
        app: "orders",
        key: "42",
        businessKey: "o-17",
        type: "order created",
        after: "2026-11-21T10:00",
      },
    });
    expect(
      parseSearch('payload.$.items[0].sku="x" payload.customer.id=42 payload["a b"].$=null').query,
    ).toEqual({
      payload: [
        { path: ["items", 0, "sku"], quoted: true, text: "x" },
        { path: ["customer", "id"], quoted: false, text: "42" },
        { path: ["a b", "$"], quoted: false, text: "null" },
      ],
    });
    expect(parseSearch("id:0193A00000007").query).toEqual({ id: "0193a000-0000-7" });
  });

  test.each([
    ["nope:1", "unknownField", 0, undefined],
    ["stat:SENT", "unknownField", 0, "state"],
    ["customer.id=42", "unknownField", 0, "payload.customer.id=42"],
    ["key:1 key:2", "twice", 6, undefined],
    ["a  b", "secondWord", 3, "a"],
    ["topic:", "noValue", 0, undefined],
    ['key:""', "noValue", 0, undefined],
    ["payload.a=", "noValue", 0, undefined],
    ['key:"abc', "openQuote", 4, undefined],
    ['key:a"c', "strayQuote", 5, undefined],
    ['key:"a"b', "strayQuote", 7, undefined],
    ['key:"\\q"', "badEscape", 5, undefined],
    ['key:"\\u0000"', "badCharacter", 4, undefined],
    ["id:zz", "badId", 3, undefined],
    ["id:0193a0000-000", "badId", 3, undefined],
    ["id:0193a000-0000-4000-8000-000000000000", "badId", 3, undefined],
    ["state:SENT,REA", "badState", 11, "READY"],
    ["after:yesterday", "badTime", 6, undefined],
    ["after:2026-02-30", "badTime", 6, undefined],
    ["last:2y", "badSpan", 5, undefined],
    ["last:0h", "badSpan", 5, undefined],
    ["last:2h before:2026-11-21", "spanAndTimes", 8, undefined],
    ["payload.a..b=1", "badPath", 0, undefined],
    ["payload[01]=1", "badPath", 0, undefined],
    ["payload:a", "badPath", 0, undefined],
    ["payload.a=1 ".repeat(6), "tooManyPayload", 60, undefined],
    ["k".repeat(1001), "tooLong", 1000, undefined],
  ])("%s: %s", (source, code, at, near) => {
    expect(parseSearch(source).problem).toMatchObject({ code, at, ...(near !== undefined && { near }) });
  });

  test("an unquoted value is text and what else it reads as; numbers keep their digits", () => {
    const values = (source: string) => valuesOfCondition(parseSearch(source).query.payload![0]!);
    expect(values("payload.a=9007199254740993")).toEqual(["9007199254740993", '"9007199254740993"']);
    expect(values("payload.a=-1.50e3")).toEqual(["-1.50e3", '"-1.50e3"']);
    expect(values("payload.a=007")).toEqual(['"007"']);
    expect(values("payload.a=1e5000")).toEqual(['"1e5000"']);
    expect(values("payload.a=true")).toEqual(["true", '"true"']);
    expect(values('payload.a="42"')).toEqual(['"42"']);
  });
});
