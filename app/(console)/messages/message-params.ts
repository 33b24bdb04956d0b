import { createLoader, parseAsArrayOf, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { MESSAGE_STATES } from "@/server/domain/message-state.ts";
import { isMessageId } from "@/server/domain/message-id.ts";

/** What the address of the list holds: a link shows a colleague the same thing. */
export const messageParams = {
  state: parseAsArrayOf(parseAsStringLiteral(MESSAGE_STATES)).withDefault([]),
  topic: parseAsString,
  /** Cursor: only messages older than this one. */
  before: parseAsString,
};

export const loadMessageParams = createLoader(messageParams);

export interface MessageParams {
  state: (typeof MESSAGE_STATES)[number][];
  topic: string | null;
  before: string | null;
}

export const PAGE_SIZE = 50;

/** The query behind an address. A cursor that is no message id is as good as none; states keep one order. */
export function toListInput({ state, topic, before }: MessageParams) {
  const cursor = before?.toLowerCase() ?? null;
  return {
    states: MESSAGE_STATES.filter((known) => state.includes(known)),
    topic: topic || null,
    before: cursor !== null && isMessageId(cursor) ? cursor : null,
    limit: PAGE_SIZE,
  };
}
