import { describe, expect, test } from "vitest";
import { EMPTY_SOURCE, type SourceDraft, draftOf, faultsOf, specFrom } from "./source-draft.ts";

const draft: SourceDraft = {
  ...EMPTY_SOURCE,
  name: "shop",
  app: "orders",
  connection: "SURELAY_SOURCE_SHOP",
};

describe("the form of an outbox source", () => {
  test("gives back what it was filled from", () => {
    const spec = specFrom({ ...draft, layout: "debezium", orderColumn: "seq" });
    expect(spec).toMatchObject({ orderColumn: "seq", topicPattern: null });
    expect(specFrom(draftOf(spec))).toEqual(spec);
  });

  test("leaves out what belongs to the other layout", () => {
    expect(specFrom({ ...draft, topicPattern: "a", orderColumn: "b" })).toMatchObject({
      topicPattern: null,
      orderColumn: null,
    });
  });

  test.each([
    [{}, []],
    [{ name: "Shop" }, ["name"]],
    [{ app: "" }, ["app"]],
    [{ connection: "postgres://u:p@h/db" }, ["connection"]],
    [{ connection: "DATABASE_URL" }, ["connection"]],
    [{ connection: "SURELAY_SOURCE_" }, ["connection"]],
    [{ table: "sales.outbox" }, []],
    [{ table: "a;b" }, ["table"]],
    [{ layout: "debezium" as const, topicPattern: "a b" }, ["topicPattern"]],
    [{ layout: "debezium" as const, topicPattern: "x.${routedByValue}" }, []],
    [{ layout: "debezium" as const, orderColumn: "1x" }, ["orderColumn"]],
  ])("finds what cannot be stored: %j", (change, faults) => {
    expect([...faultsOf({ ...draft, ...change })]).toEqual(faults);
  });
});
