import { describe, expect, it } from "vitest";
import { compileSchema } from "./compile-schema.ts";

describe("compileSchema", () => {
  it.each([
    [{ type: "object", properties: { total: { type: "integer" } } }],
    [{ $schema: "http://json-schema.org/draft-07/schema#", definitions: { a: {} }, $ref: "#/definitions/a" }],
    [{ $schema: "https://json-schema.org/draft/2020-12/schema", prefixItems: [{}, { format: "date" }] }],
    [{ $schema: "https://json-schema.org/draft/2019-09/schema", "x-owner": "shop" }],
  ])("takes %j", (schema) => {
    expect(compileSchema(schema)).toHaveProperty("validate");
  });

  it.each([
    [{ type: "objekt" }, /not a JSON Schema/],
    [{ $ref: "#/definitions/none" }, /not a JSON Schema/],
    [{ $ref: "https://example.com/else.json" }, /not a JSON Schema/],
    [{ properties: { a: { pattern: "(" } } }, /not a JSON Schema/],
    [{ $schema: "http://json-schema.org/draft-04/schema#" }, /not known/],
    [{ $schema: 7 }, /no text/],
  ])("refuses %j", (schema, expected) => {
    const result = compileSchema(schema);
    expect(result).toHaveProperty("fault");
    expect((result as { fault: string }).fault).toMatch(expected);
  });
});
