import type { Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { type MessageRow, readMessage } from "../../store/find-messages.ts";
import { type RecordedEvent, readMessageEvents } from "../../store/message-events.ts";
import {
  type MessageAudit,
  type MessageStanding,
  readMessageAudit,
  readMessageStanding,
} from "../../store/message-surroundings.ts";
import { type OpenResend, findOpenResend } from "../../store/resend.ts";
import { findTopic } from "../../store/topics.ts";

/** Most events, and most audit entries, shown with a message; the newest are kept. */
const MOST_SHOWN = 200;

/** Actions whose event says all that the audit entry says. */
const TOLD_BY_EVENTS = ["message.confirm", "message.cancel", "message.resend"];

/** A message as an operator sees it, its payload apart. */
export interface MessageDetail extends MessageRow, MessageStanding {
  /** Its topic is masked: headers are left out here, and the payload is shown by `unmaskPayload` only. */
  masked: boolean;
  /** What keeps its topic's messages from being sent. */
  topicFault: { code: string; detail: string | null; since: Date } | null;
  /** What was out of the ordinary, oldest first. */
  events: RecordedEvent[];
  /** What operators did beside that, oldest first; empty for who may not read the audit log. */
  audit: MessageAudit[];
  /** Asked for by an operator and not in the broker yet. */
  openResend: OpenResend | null;
}

/** @param options `withAudit`: the asker may read the audit log. @throws SurelayError `not_found` */
export async function readMessageForOperator(
  db: Queryable,
  id: string,
  options: { withAudit: boolean },
): Promise<MessageDetail> {
  const [row, standing, events, audit, openResend] = await Promise.all([
    readMessage(db, id, null),
    readMessageStanding(db, id),
    readMessageEvents(db, id, MOST_SHOWN),
    options.withAudit ? readMessageAudit(db, { id, except: TOLD_BY_EVENTS, limit: MOST_SHOWN }) : [],
    findOpenResend(db, id),
  ]);
  if (row === null || standing === null)
    throw new SurelayError("not_found", "There is no such message.", { messageId: id });
  const topic = await findTopic(db, row.topic);
  const masked = topic?.masked ?? false;
  return {
    ...row,
    ...standing,
    headers: masked ? null : row.headers,
    masked,
    topicFault:
      topic?.faultCode && topic.faultSince
        ? { code: topic.faultCode, detail: topic.faultDetail, since: topic.faultSince }
        : null,
    events,
    audit,
    openResend,
  };
}
