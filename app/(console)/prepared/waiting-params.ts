import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { isMessageId } from "@/server/domain/message-id.ts";
import type { WaitingCursor, WaitingKind } from "@/server/store/waiting-messages.ts";

export const WAITING_KINDS = ["prepared", "overdue", "undecided"] as const satisfies WaitingKind[];

/** What the address of the room holds beside `peek`. */
export const waitingParams = {
  show: parseAsStringLiteral(WAITING_KINDS).withDefault("prepared"),
  app: parseAsString,
  /** Cursor: the last row of the page before, as `writeCursor` puts it. */
  after: parseAsString,
};

export const loadWaitingParams = createLoader(waitingParams);

export type WaitingParams = Awaited<ReturnType<typeof loadWaitingParams>>;

export const NO_WAITING_FILTER = { show: null, app: null, after: null } as const;

export const PAGE_SIZE = 100;
const LONGEST_APP = 64;

/** The query behind an address. A cursor that does not fit the list is as good as none. */
export function toWaitingInput({ show, app, after }: WaitingParams) {
  const cursor = after === null ? null : readCursor(after);
  const fits = cursor !== null && (show === "undecided") === (cursor.checkAt === null);
  return {
    kind: show,
    // Longer than any name: cut, so that it finds nothing instead of being refused.
    app: app ? app.slice(0, LONGEST_APP) : null,
    after: fits ? cursor : null,
    limit: PAGE_SIZE,
  };
}

export function writeCursor({ id, checkAt }: WaitingCursor): string {
  return checkAt === null ? id : `${id}.${checkAt.getTime()}`;
}

export function readCursor(text: string): WaitingCursor | null {
  const [id = "", at] = text.toLowerCase().split(".");
  if (!isMessageId(id)) return null;
  if (at === undefined) return { id, checkAt: null };
  const checkAt = new Date(/^\d{1,15}$/.test(at) ? Number(at) : Number.NaN);
  return Number.isNaN(checkAt.getTime()) ? null : { id, checkAt };
}
