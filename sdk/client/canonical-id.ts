import { SurelayError } from "./surelay-error.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A message id in lower case: hexadecimal digits and dashes, nothing else. @throws SurelayError `validation_failed` */
export function canonicalId(id: string): string {
  const text = id.toLowerCase();
  if (UUID_V7.test(text)) return text;
  throw new SurelayError(
    "validation_failed",
    `A message's id is a UUIDv7, not ${JSON.stringify(id.slice(0, 64))}.`,
  );
}

/** The lowest UUIDv7 of a moment. @param ms since the epoch */
export function lowestId(ms: number): string {
  const time = ms.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
