import type { Queryable } from "../../db.ts";
import { checkPolicyOf } from "../../domain/check-policy.ts";
import { SurelayError } from "../../errors.ts";
import { type AppRow, findApp } from "../../store/apps.ts";
import { readCheckBacks } from "../../store/check-backs.ts";
import { type BreakerRow, readBreakerRows } from "../../store/check-breakers.ts";
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
import { type MessageDeliveries, readMessageDeliveries } from "../deliveries/read-message-deliveries.ts";
import { buildCheckRequest } from "../check-back/build-request.ts";
import type { CheckBackDetail } from "../check-back/read-check-backs.ts";

/** Most events, and most audit entries, shown with a message; the newest are kept. */
const MOST_SHOWN = 200;

/** Most check-backs shown: each holds up to 4 KiB of an answer. */
const MOST_CHECK_BACKS = 50;

/** Actions whose event says all that the audit entry says. */
const TOLD_BY_EVENTS = [
  "message.confirm",
  "message.cancel",
  "message.resend",
  "message.edit",
  "message.ask_again",
];

/** A message as an operator sees it, its payload apart. */
export interface MessageDetail extends MessageRow, MessageStanding, MessageDeliveries {
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
  /** What its producer was asked and answered, oldest first; of very many the newest. */
  checkBacks: CheckBackDetail[];
  /** Whether its producer can be asked, and how: what an operator has to know before deciding in its place. */
  producer: {
    /** Null: its app declares none, so nobody asks. */
    checkUrl: string | null;
    /** Checks after which it becomes UNDECIDED. */
    maxAttempts: number;
    /** Null: it could always be reached. */
    breaker: Pick<BreakerRow, "state" | "since" | "probeAt" | "lastError"> | null;
  };
}

/** @param options `withAudit`: the asker may read the audit log. @throws SurelayError `not_found` */
export async function readMessageForOperator(
  db: Queryable,
  id: string,
  options: { withAudit: boolean },
): Promise<MessageDetail> {
  const [row, standing, events, audit, openResend, checkBacks, deliveries] = await Promise.all([
    readMessage(db, id, null),
    readMessageStanding(db, id),
    readMessageEvents(db, id, MOST_SHOWN),
    options.withAudit ? readMessageAudit(db, { id, except: TOLD_BY_EVENTS, limit: MOST_SHOWN }) : [],
    findOpenResend(db, id),
    readCheckBacks(db, [id], MOST_CHECK_BACKS),
    readMessageDeliveries(db, id),
  ]);
  if (row === null || standing === null)
    throw new SurelayError("not_found", "There is no such message.", { messageId: id });
  const [topic, app, breakers] = await Promise.all([
    findTopic(db, row.topic),
    findApp(db, row.app),
    readBreakerRows(db, row.app),
  ]);
  const masked = topic?.masked ?? false;
  return {
    ...row,
    ...standing,
    ...deliveries,
    headers: masked ? null : row.headers,
    masked,
    topicFault:
      topic?.faultCode && topic.faultSince
        ? { code: topic.faultCode, detail: topic.faultDetail, since: topic.faultSince }
        : null,
    events,
    audit,
    openResend,
    checkBacks: (checkBacks.get(id) ?? []).map((asked) => ({
      ...asked,
      request: buildCheckRequest(row, asked.attempt),
    })),
    producer: producerOf(app, breakers[0]),
  };
}

function producerOf(app: AppRow | null, breaker: BreakerRow | undefined): MessageDetail["producer"] {
  return {
    checkUrl: app?.checkUrl ?? null,
    maxAttempts: app === null ? 0 : checkPolicyOf(app.check, 1).maxAttempts,
    breaker: breaker
      ? {
          state: breaker.state,
          since: breaker.since,
          probeAt: breaker.probeAt,
          lastError: breaker.lastError,
        }
      : null,
  };
}
