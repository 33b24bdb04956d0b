import type { Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import type { Prisma } from "../../prisma.ts";
import { type MessageRow, readMessage } from "../../store/find-messages.ts";
import { findTopic } from "../../store/topics.ts";

/** Most events shown with a message; the newest are kept. */
const MAX_EVENTS = 200;

export interface MessageEventRow {
  at: Date;
  kind: string;
  actor: string;
  detail: unknown;
}

/** A message as an operator sees it, its payload apart. */
export interface MessageDetail extends MessageRow {
  /** Its topic is masked: headers are left out here, and the payload is shown by `unmaskPayload` only. */
  masked: boolean;
  /** What keeps its topic's messages from being sent. */
  topicFault: { code: string; detail: string | null; since: Date } | null;
  /** What was out of the ordinary, oldest first. */
  events: MessageEventRow[];
}

/** @throws SurelayError `not_found` */
export async function readMessageForOperator(
  db: Queryable,
  prisma: Prisma,
  id: string,
): Promise<MessageDetail> {
  const row = await readMessage(db, id, null);
  if (row === null) throw new SurelayError("not_found", "There is no such message.", { messageId: id });
  const [topic, events] = await Promise.all([
    findTopic(db, row.topic),
    prisma.messageEvent.findMany({ where: { messageId: id }, orderBy: { n: "desc" }, take: MAX_EVENTS }),
  ]);
  const masked = topic?.masked ?? false;
  return {
    ...row,
    headers: masked ? null : row.headers,
    masked,
    topicFault:
      topic?.faultCode && topic.faultSince
        ? { code: topic.faultCode, detail: topic.faultDetail, since: topic.faultSince }
        : null,
    events: events.toReversed().map(({ at, kind, actor, detail }) => ({ at, kind, actor, detail })),
  };
}
