import { SurelayError } from "../../errors.ts";
import { JsonScanner } from "./json-scanner.ts";
import type { IntakeLimits } from "./limits.ts";
import { type ParsedMessage, parseMessage, readMessageId } from "./parse-message.ts";

/** The body of a single prepare or send. @throws SurelayError, JsonFault */
export function parseSingle(bytes: Buffer, limits: IntakeLimits): ParsedMessage {
  const scanner = new JsonScanner(bytes);
  const { to, message, fault } = parseMessage(bytes, scanner, scanner.begin(), limits);
  scanner.finish(to);
  if (!message) throw fault!;
  return message;
}

/**
 * `{items: [message, …]}`: each judged alone, in the order written.
 *
 * @throws SurelayError when the call as a whole is wrong, JsonFault
 */
export function parseMessageBatch(bytes: Buffer, limits: IntakeLimits): (ParsedMessage | SurelayError)[] {
  return parseList(bytes, "items", limits, (scanner, from) => {
    const { to, message, fault } = parseMessage(bytes, scanner, from, limits);
    return { to, result: message ?? fault! };
  });
}

/** `{ids: [id, …]}`. @throws SurelayError when the call as a whole is wrong, JsonFault */
export function parseIdBatch(bytes: Buffer, limits: IntakeLimits): (string | SurelayError)[] {
  return parseList(bytes, "ids", limits, (scanner, from) => {
    const to = scanner.skip(from);
    return { to, result: readId(scanner, from, to) };
  });
}

function readId(scanner: JsonScanner, from: number, to: number): string | SurelayError {
  try {
    return readMessageId(scanner.kindAt(from) === "string" ? scanner.text(from, to) : "");
  } catch (error) {
    if (error instanceof SurelayError) return error;
    throw error;
  }
}

function parseList<T>(
  bytes: Buffer,
  field: "items" | "ids",
  limits: IntakeLimits,
  read: (scanner: JsonScanner, from: number) => { to: number; result: T },
): T[] {
  const scanner = new JsonScanner(bytes);
  const results: T[] = [];
  let seen = false;
  const from = scanner.begin();
  if (scanner.kindAt(from) !== "object") {
    scanner.finish(scanner.skip(from));
    throw refused(`The body is not an object {"${field}": […]}.`);
  }
  const end = scanner.members(from, (name, valueFrom) => {
    if (name !== field) throw refused(`There is no field ${JSON.stringify(name.slice(0, 100))}.`);
    if (seen) throw refused(`The field ${field} stands there twice.`);
    seen = true;
    if (scanner.kindAt(valueFrom) !== "array") throw refused(`${field} is not an array.`);
    scanner.elements(valueFrom, (elementFrom) => {
      if (results.length >= limits.batchItems)
        throw refused(`${field} holds more than ${limits.batchItems} entries.`);
      const { to, result } = read(scanner, elementFrom);
      results.push(result);
      return to;
    });
  });
  scanner.finish(end);
  if (results.length === 0) throw refused(seen ? `${field} is empty.` : `${field} is missing.`);
  return results;
}

function refused(detail: string): SurelayError {
  return new SurelayError("validation_failed", detail);
}

/** The body of confirm and cancel: none, or an empty object. @throws SurelayError, JsonFault */
export function requireEmpty(bytes: Buffer): void {
  if (bytes.length === 0) return;
  const scanner = new JsonScanner(bytes);
  const { from, to } = scanner.whole();
  if (scanner.kindAt(from) !== "object" || bytes.toString("latin1", from + 1, to - 1).trim() !== "")
    throw refused("This call takes no body.");
}
