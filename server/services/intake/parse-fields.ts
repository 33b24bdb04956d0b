import { SurelayError } from "../../errors.ts";
import type { JsonScanner } from "./json-scanner.ts";

/**
 * A string field. PostgreSQL's text cannot hold U+0000, and a lone surrogate is no Unicode text: both are refused by
 * name, not turned into something else. They can only come from escapes, so plain strings skip that look.
 *
 * @throws SurelayError `validation_failed`
 */
export function readText(
  field: string,
  scanner: JsonScanner,
  from: number,
  to: number,
  maxBytes: number,
  maxCharacters: number,
): string {
  if (scanner.kindAt(from) !== "string") throw refused(`${field} is not a string`);
  const text = scanner.text(from, to);
  if (text.length === 0) throw refused(`${field} is empty`);
  if (text.length !== to - from - 2) requireStorable(field, text);
  if (text.length > maxCharacters) throw refused(`${field} is longer than ${maxCharacters} characters`);
  if (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)
    throw refused(`${field} has more than ${maxBytes} bytes`);
  return text;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function requireStorable(field: string, text: string): void {
  if (text.includes("\0")) throw refused(`${field} holds the character U+0000, which cannot be stored`);
  if (LONE_SURROGATE.test(text)) throw refused(`${field} holds half of a surrogate pair, which is no text`);
}

/** Names that the service itself writes on the Kafka record; a producer's own would be taken for them. */
const RESERVED = /^(?:ce_|surelay-)|^(?:content-type|traceparent)$/i;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\0-\x1f\x7f]/;

/**
 * The `headers` object.
 *
 * @returns JSON text in the order written; null when there are none
 * @throws SurelayError `validation_failed`
 */
export function readHeaders(
  scanner: JsonScanner,
  from: number,
  maxCount: number,
  maxBytes: number,
): string | null {
  if (scanner.kindAt(from) !== "object") throw refused("headers is not an object of strings");
  const names = new Set<string>();
  let bytes = 0;
  let json = "";
  scanner.members(from, (name, valueFrom, valueTo) => {
    const shown = JSON.stringify(name.slice(0, 100));
    if (name === "") throw refused("A header has an empty name");
    if (CONTROL.test(name)) throw refused(`The header name ${shown} holds control characters`);
    if (LONE_SURROGATE.test(name)) throw refused("A header name holds half of a surrogate pair");
    if (RESERVED.test(name)) throw refused(`The header ${shown} is written by the service itself`);
    if (names.has(name)) throw refused(`The header ${shown} stands there twice`);
    names.add(name);
    if (names.size > maxCount) throw refused(`There are more than ${maxCount} headers`);
    if (scanner.kindAt(valueFrom) !== "string") throw refused(`The header ${shown} is not a string`);
    const value = scanner.text(valueFrom, valueTo);
    if (value.length !== valueTo - valueFrom - 2) requireStorable(`The header ${shown}`, value);
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
    if (bytes > maxBytes) throw refused(`The headers have more than ${maxBytes} bytes`);
    json += `${json === "" ? "{" : ","}${JSON.stringify(name)}:${JSON.stringify(value)}`;
  });
  return json === "" ? null : `${json}}`;
}

/** Bytes of a base64 string in its standard alphabet, padded. @throws SurelayError `validation_failed` */
export function readBase64(bytes: Buffer, scanner: JsonScanner, from: number, to: number): Buffer {
  if (scanner.kindAt(from) !== "string") throw refused("payloadBase64 is not a string");
  // Some writers escape every slash, which base64 has many of.
  const text = scanner.hasEscapes(from, to)
    ? Buffer.from(scanner.text(from, to))
    : bytes.subarray(from + 1, to - 1);
  if (!isBase64(text)) throw refused("payloadBase64 is not base64 (standard alphabet, padded)");
  return Buffer.from(text.toString("latin1"), "base64");
}

/** Node decodes whatever it is given; what is not base64 has to be refused, or bytes would go missing unnoticed. */
function isBase64(text: Uint8Array): boolean {
  if (text.length % 4 !== 0) return false;
  let end = text.length;
  if (end > 0 && text[end - 1] === 0x3d) end--;
  if (end > 0 && end < text.length && text[end - 1] === 0x3d) end--;
  for (let i = 0; i < end; i++) if (BASE64[text[i]!] === 0) return false;
  return true;
}

const BASE64 = new Uint8Array(256);
for (const byte of Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
  BASE64[byte] = 1;

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** A moment in RFC 3339; finer than milliseconds is cut. @throws SurelayError `validation_failed` */
export function readDeliverAt(text: string): Date {
  const match = RFC_3339.exec(text);
  if (!match) throw refused("deliverAt is not a time in RFC 3339, such as 2031-05-17T09:30:00.000Z");
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second, ms));
  const exists =
    local.getUTCMonth() === month - 1 &&
    local.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  const offset = (match[8] === "-" ? -1 : 1) * (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0));
  if (!exists || Number(match[9] ?? 0) > 23 || Number(match[10] ?? 0) > 59)
    throw refused("deliverAt names a moment that does not exist");
  const moment = new Date(local.getTime() - offset * 60_000);
  if (year < 1970 || moment.getUTCFullYear() > 9999) throw refused("deliverAt lies outside 1970 to 9999");
  return moment;
}

function refused(what: string): SurelayError {
  return new SurelayError("validation_failed", `${what}.`);
}
