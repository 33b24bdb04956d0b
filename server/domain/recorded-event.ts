/**
 * What is noted of a message beside its times: everything out of the ordinary. The store's statements write these kinds,
 * the documentation lists them, the console words them; a kind that is none of them is shown as it is.
 */
export const RECORDED_EVENTS = {
  rejected: { by: "relay", detail: "reason", means: "the broker refuses the record for good" },
  forced_confirm: {
    by: "operator",
    detail: "reason, from, to",
    means: "confirmed in the producer's place",
  },
  forced_cancel: {
    by: "operator",
    detail: "reason, from, to",
    means: "cancelled in the producer's place",
  },
  asked_again: {
    by: "operator",
    detail: "reason, from",
    means: "the producer is to be asked again, or at once",
  },
  resend_asked: {
    by: "operator",
    detail: "reason, from, attempt",
    means: "to be put into the broker again: a rejected message as READY, a sent one as a further attempt",
  },
  resend_sent: {
    by: "relay",
    detail: "attempt, partition, offset, askedBy",
    means: "a further attempt is committed in the broker",
  },
  resend_refused: {
    by: "relay",
    detail: "attempt, reason",
    means: "the broker refuses the further attempt for good; the message stays as it was",
  },
  edited: {
    by: "operator",
    detail: "version, bytes, reason",
    means: "what is sent of it from now on is another version; the first stays beside it",
  },
  edited_into: {
    by: "operator",
    detail: "id, bytes, note, reason",
    means: "another message was made of it",
  },
  edited_from: {
    by: "operator",
    detail: "id, note, reason",
    means: "it was made of another message",
  },
} as const;

export type RecordedKind = keyof typeof RECORDED_EVENTS;

export function isRecordedKind(kind: string): kind is RecordedKind {
  return Object.hasOwn(RECORDED_EVENTS, kind);
}
