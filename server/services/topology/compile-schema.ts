import { Ajv, type Options, type ValidateFunction } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { JsonObject } from "./topology.ts";

/**
 * `strict: false`: a schema may carry words of its owner's tools. Formats are left to the reader: JSON Schema calls
 * them annotations. Nothing is fetched: a `$ref` that leaves the schema is a fault.
 */
const OPTIONS: Options = { strict: false, validateFormats: false, allErrors: true, logger: false };

const DIALECTS: [RegExp, () => Ajv][] = [
  [/^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/, () => new Ajv2020(OPTIONS)],
  [/^https?:\/\/json-schema\.org\/draft\/2019-09\/schema#?$/, () => new Ajv2019(OPTIONS)],
  [/^https?:\/\/json-schema\.org\/draft-07\/schema#?$/, () => new Ajv(OPTIONS)],
];

/**
 * Compiles a JSON Schema of draft 2020-12 (taken when `$schema` is absent), 2019-09 or 7. What compiles here can be
 * used to check payloads later; what does not is refused before it is stored.
 */
export function compileSchema(schema: JsonObject): { validate: ValidateFunction } | { fault: string } {
  const named = schema.$schema;
  if (named !== undefined && typeof named !== "string") return { fault: "$schema is no text" };
  const dialect = named === undefined ? DIALECTS[0] : DIALECTS.find(([form]) => form.test(named));
  if (!dialect) return { fault: `$schema ${named} is not known; use draft 2020-12, 2019-09 or draft-07` };
  try {
    return { validate: dialect[1]().compile(schema) };
  } catch (error) {
    return { fault: `not a JSON Schema: ${(error as Error).message}` };
  }
}
