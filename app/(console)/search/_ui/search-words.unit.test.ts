import { describe, expect, test } from "vitest";
import { parseSearch } from "@/server/domain/parse-search.ts";
import { curlOfSearch } from "./curl-of-search.ts";
import { fixProblem } from "./fix-problem.ts";
import { suggestTerms, termAt } from "./suggest-terms.ts";

const names = {
  apps: ["orders", "billing"],
  topics: [
    { name: "orders.created", faulty: false },
    { name: "invoices.issued", faulty: true },
  ],
};
const inserts = (text: string, caret = text.length) =>
  suggestTerms(text, caret, names).items.map((item) => item.insert);

describe("suggestions", () => {
  test("begin with what is asked for most, and follow what is typed", () => {
    expect(inserts("")).toEqual([
      "topic:",
      "app:",
      "state:",
      "business:",
      "key:",
      "last:",
      "after:",
      "payload.",
    ]);
    expect(inserts("t")).toEqual(["topic:", "type:"]);
    expect(inserts("or")).toEqual(["topic:orders.created ", "app:orders "]);
    expect(inserts("can")).toEqual(["state:CANCELLED "]);
    expect(inserts("topic:iss")).toEqual(["topic:invoices.issued "]);
    expect(inserts("state:SENT,re")).toEqual([
      "state:SENT,READY ",
      "state:SENT,REJECTED ",
      "state:SENT,PREPARED ",
    ]);
    expect(inserts("key:or")).toEqual([]);
    expect(inserts("payload.or")).toEqual([]);
    expect(inserts("app:orders")).toEqual([]);
  });

  test("are about the term in which the caret stands, quotes included", () => {
    const text = 'key:"a b" app:b state:SENT';
    expect(termAt(text, 7)).toEqual({ from: 0, to: 9 });
    expect(suggestTerms(text, 15, names)).toMatchObject({
      from: 10,
      to: 15,
      items: [{ insert: "app:billing " }],
    });
    expect(termAt("a ", 2)).toEqual({ from: 2, to: 2 });
  });
});

describe("a fix", () => {
  test.each([
    ["stat:SENT", "state:SENT"],
    ["customer.id=42 last:2h", "payload.customer.id=42 last:2h"],
    ["urn:order:17", '"urn:order:17"'],
    ["state:SENT,REA", "state:SENT,READY"],
    ['key:"a b', 'key:"a b"'],
    ["two  words topic:x", '"two  words" topic:x'],
    ["key:1 key:2", "key:1"],
    ["id:zz", null],
  ])("of %s is %s", (text, fixed) => {
    expect(fixProblem(text, parseSearch(text).problem!)).toBe(fixed);
  });
});

test("is a call of the API just when the API can answer it", () => {
  const path = (text: string) => curlOfSearch(parseSearch(text).query)?.path ?? null;
  const id = "0193a000-0000-7000-8000-00000000000a";
  expect(path(id.toUpperCase())).toBe(`/v1/messages/${id}`);
  expect(path(`id:${id}`)).toBe(`/v1/messages/${id}`);
  expect(path('business:"o 17" topic:t state:SENT,READY app:orders')).toBe(
    "/v1/messages?businessKey=o+17&topic=t&state=READY%2CSENT",
  );
  for (const text of ["", "o-17", "key:1", "id:0193a000", "topic:t last:2h", `id:${id} topic:t`])
    expect(path(text)).toBeNull();
});
