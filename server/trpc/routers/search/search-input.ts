import { z } from "zod";
import { MAX_QUERY_LENGTH } from "../../../domain/search-query.ts";
import { messageIdInput } from "../messages/message-id.ts";

/** Whether this machine knows a time zone of that name. */
function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

export const askedInput = z.strictObject({
  q: z.string().max(MAX_QUERY_LENGTH),
  zone: z.string().max(64).refine(isZone, "expected a time zone"),
  at: z.date().nullable(),
});

export const searchInput = askedInput.extend({
  before: messageIdInput.nullable(),
  limit: z.int().min(1).max(100),
});
