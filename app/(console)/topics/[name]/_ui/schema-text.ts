/** A schema as it is shown and edited; "" for none. */
export function schemaText(schema: { [name: string]: unknown } | null): string {
  return schema === null ? "" : JSON.stringify(schema, null, 2);
}

/** What an editor begins with where there is nothing yet. */
export const FIRST_SCHEMA = schemaText({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["id"],
  properties: { id: { type: "string" } },
});

/** Why a text is no JSON object, in the parser's words; null: it is one. */
export function jsonFault(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? null : "";
  } catch (error) {
    return (error as Error).message;
  }
}

/** A text with its JSON laid out anew; as it is where it is none. */
export function layOut(text: string): string {
  return jsonFault(text) === null ? JSON.stringify(JSON.parse(text), null, 2) : text;
}
