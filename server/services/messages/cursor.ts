import { createHash } from "node:crypto";
import { isMessageId } from "../../domain/message-id.ts";
import { SurelayError } from "../../errors.ts";

const CHECK_BYTES = 8;

/**
 * Where the next page of a list begins, as text the caller hands back unread. It carries a check over the query it
 * belongs to: a cursor that was changed, or is used with other filters, is refused instead of skipping messages silently.
 * The check is no secret: a cursor opens nothing that the query itself does not.
 *
 * @param query the filters of the list, in a fixed order
 */
export function writeCursor(before: string, query: string): string {
  const id = Buffer.from(before.replaceAll("-", ""), "hex");
  return Buffer.concat([id, checkOf(id, query)]).toString("base64url");
}

/** @returns the id before which the page begins. @throws SurelayError `validation_failed` */
export function readCursor(cursor: string, query: string): string {
  const bytes = /^[A-Za-z0-9_-]{32}$/.test(cursor) ? Buffer.from(cursor, "base64url") : Buffer.alloc(0);
  const hex = bytes.toString("hex", 0, 16);
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    "-",
  );
  if (!isMessageId(id) || !checkOf(bytes.subarray(0, 16), query).equals(bytes.subarray(16)))
    throw new SurelayError("validation_failed", "The cursor is not one that this query returned.");
  return id;
}

function checkOf(id: Buffer, query: string): Buffer {
  return createHash("sha256").update(id).update(query).digest().subarray(0, CHECK_BYTES);
}
