import {
  createLoader,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsIsoDateTime,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";
import { MESSAGE_STATES } from "@/server/domain/message-state.ts";
import { isMessageId } from "@/server/domain/message-id.ts";
import { RECENTS, RECENT_SECONDS } from "../../_table/time-range.ts";

/** What the address of the list holds beside `peek`: a link shows a colleague the same thing. */
export const messageParams = {
  state: parseAsArrayOf(parseAsStringLiteral(MESSAGE_STATES)).withDefault([]),
  /** Only those that wait because their topic is not available or paused. */
  held: parseAsBoolean.withDefault(false),
  topic: parseAsString,
  app: parseAsString,
  business: parseAsString,
  key: parseAsString,
  /** A range that ends now. */
  recent: parseAsStringLiteral(RECENTS),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
  /** Cursor: only messages older than this one. */
  before: parseAsString,
};

export const loadMessageParams = createLoader(messageParams);

export type MessageParams = Awaited<ReturnType<typeof loadMessageParams>>;

/** The address of the list without any filter. */
export const NO_FILTER = {
  state: null,
  held: null,
  topic: null,
  app: null,
  business: null,
  key: null,
  recent: null,
  from: null,
  to: null,
  before: null,
} as const;

export const PAGE_SIZE = 100;
const LONGEST = { topic: 249, app: 64, key: 256 + 1 };

/** Whether anything narrows the list. */
export function isFiltered(params: MessageParams): boolean {
  const { state, held, topic, app, business, key, recent, from, to } = params;
  return state.length > 0 || held || [topic, app, business, key, recent, from, to].some(Boolean);
}

/** Whose messages, of which topic and time, behind an address. */
export function toScopeInput({ topic, app, recent, from, to }: MessageParams) {
  return {
    topic: wordOf(topic, LONGEST.topic),
    app: wordOf(app, LONGEST.app),
    withinSeconds: recent === null ? null : RECENT_SECONDS[recent],
    from,
    to,
  };
}

/** The query behind an address. A cursor that is no message id is as good as none; states keep one order. */
export function toListInput(params: MessageParams) {
  const cursor = params.before?.toLowerCase() ?? null;
  return {
    ...toScopeInput(params),
    states: MESSAGE_STATES.filter((known) => params.state.includes(known)),
    held: params.held,
    businessKey: wordOf(params.business, LONGEST.key),
    key: wordOf(params.key, LONGEST.key),
    before: cursor !== null && isMessageId(cursor) ? cursor : null,
    limit: PAGE_SIZE,
  };
}

/** Longer than anything stored can be: cut, so that it finds nothing instead of being refused. */
function wordOf(text: string | null, longest: number): string | null {
  return text ? text.slice(0, longest) : null;
}
