import { createLoader, parseAsIsoDateTime, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { DELIVERY_STATES, type DeliveryState } from "@/server/domain/delivery-state.ts";
import { isMessageId } from "@/server/domain/message-id.ts";
import { RECENTS, RECENT_SECONDS } from "../../_table/time-range.ts";

/** What the address of the room holds beside `peek`. */
export const deadLetterParams = {
  state: parseAsStringLiteral(DELIVERY_STATES).withDefault("DEAD"),
  /** `<topic>/<name>`. */
  subscription: parseAsString,
  topic: parseAsString,
  app: parseAsString,
  /** A failure group's id. */
  group: parseAsString,
  recent: parseAsStringLiteral(RECENTS),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
  /** Cursor: the last row of the page before, `<message>.<subscription>`. */
  after: parseAsString,
};

export const loadDeadLetterParams = createLoader(deadLetterParams);
export type DeadLetterParams = Awaited<ReturnType<typeof loadDeadLetterParams>>;

export const NO_DEAD_LETTER_FILTER = {
  subscription: null,
  topic: null,
  app: null,
  group: null,
  recent: null,
  from: null,
  to: null,
  after: null,
} as const;

/** What an index counts; of the others nobody is told how many there are. */
export const COUNTED_STATES = ["DEAD", "WAITING"] as const satisfies readonly DeliveryState[];

export const PAGE_SIZE = 100;
const LONGEST = { topic: 249, name: 64, app: 64 };
const GROUP = /^\d{1,18}$/;
/** What is no group's id is the id of none: a filter that finds nothing, never one that finds everything. */
const NO_GROUP = "0";

/** Whether anything but the state narrows the list. */
export function isNarrowed(params: DeadLetterParams): boolean {
  const { subscription, topic, app, group, recent, from, to } = params;
  return group !== null || [subscription, topic, app, recent, from, to].some(Boolean);
}

/** Which deliveries an address names. What is longer than any name is cut, so that it finds nothing instead of being refused. */
export function toScope(params: DeadLetterParams) {
  const { state, app, group, recent, from, to } = params;
  const [topic, subscription] = splitSubscription(params);
  return {
    states: [state],
    topic: topic?.slice(0, LONGEST.topic) ?? null,
    subscription: subscription?.slice(0, LONGEST.name) ?? null,
    app: app ? app.slice(0, LONGEST.app) : null,
    groupId: group === null ? null : GROUP.test(group) ? group : NO_GROUP,
    withinSeconds: recent === null ? null : RECENT_SECONDS[recent],
    from,
    to,
    movedBefore: null,
  };
}

/** A subscription names its topic; a name of no topic is one of any. What has a half without a name is nobody's. */
function splitSubscription({ subscription, topic }: DeadLetterParams): [string | null, string | null] {
  if (!subscription) return [topic || null, null];
  const slash = subscription.lastIndexOf("/");
  return slash === -1
    ? [topic || null, subscription]
    : [subscription.slice(0, slash), subscription.slice(slash + 1)];
}

/** The query behind an address. A cursor that is none is as good as none. */
export function toListInput(params: DeadLetterParams) {
  return {
    ...toScope(params),
    after: params.after === null ? null : readKey(params.after),
    limit: PAGE_SIZE,
  };
}

export interface Key {
  messageId: string;
  subscriptionId: number;
}

export function writeKey({ messageId, subscriptionId }: Key): string {
  return `${messageId}.${subscriptionId}`;
}

export function readKey(text: string): Key | null {
  const [messageId = "", subscription = ""] = text.toLowerCase().split(".");
  return isMessageId(messageId) && /^\d{1,9}$/.test(subscription)
    ? { messageId, subscriptionId: Number(subscription) }
    : null;
}
