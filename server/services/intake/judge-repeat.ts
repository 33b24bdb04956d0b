import type { IdVerdict } from "../../domain/message-id.ts";
import type { MessageState } from "../../domain/message-state.ts";
import { SurelayError } from "../../errors.ts";
import type { StoredContent } from "../../store/find-messages.ts";
import type { NewMessage } from "../../store/store-messages.ts";

/** A message ready for the store, and whether its id may name a new one. */
export interface Submission extends NewMessage {
  verdict: IdVerdict;
}

export interface Stored {
  id: string;
  state: MessageState;
  /** False: the same message was stored before. */
  isNew: boolean;
}

/**
 * The answer to a message that was not stored now, because its id stands in the store already (or lies outside the time
 * the store takes new ids of). Pure.
 *
 * A `send` that meets its message still undecided, or cancelled, is a conflict and not a success: the caller would take
 * the message for delivered, while nobody has confirmed it.
 */
export function judgeRepeat(
  kind: "prepare" | "send",
  message: Submission,
  stored: StoredContent | undefined,
): Stored | SurelayError {
  if (!stored) return notStored(message);
  if (!isSameContent(message, stored))
    return new SurelayError("id_conflict", "Another message is stored under this id.", {
      messageId: message.id,
    });
  if (kind === "send" && (stored.state === "PREPARED" || stored.state === "UNDECIDED"))
    return new SurelayError(
      "id_conflict",
      "This message was prepared and is not decided yet: confirm it instead.",
      {
        messageId: message.id,
      },
    );
  if (kind === "send" && stored.state === "CANCELLED")
    return new SurelayError("id_conflict", "This message was prepared and then cancelled.", {
      messageId: message.id,
    });
  return { id: message.id, state: stored.state, isNew: false };
}

function notStored(message: Submission): SurelayError {
  const messageId = message.id;
  if (message.verdict === "too_old")
    return new SurelayError("validation_failed", "The time inside the id lies too far in the past.", {
      messageId,
    });
  if (message.verdict === "in_the_future")
    return new SurelayError(
      "validation_failed",
      "The time inside the id lies in the future: check the clock.",
      {
        messageId,
      },
    );
  return new SurelayError(
    "unavailable",
    "The message was being stored by another call. Repeat with the same id.",
    {
      messageId,
      retryAfterSeconds: 1,
    },
  );
}

/** Whether two calls said the same. `checkAfterSeconds` and `traceparent` belong to the call, not to the message. */
export function isSameContent(message: NewMessage, stored: StoredContent): boolean {
  return (
    message.appId === stored.appId &&
    message.topicId === stored.topicId &&
    message.key === stored.key &&
    message.type === stored.type &&
    message.businessKey === stored.businessKey &&
    message.contentType === stored.contentType &&
    (message.deliverAt?.getTime() ?? null) === (stored.deliverAt?.getTime() ?? null) &&
    isSameHeaders(message.headers, stored.headers) &&
    message.payload.equals(stored.payload)
  );
}

/** Whatever their order: writers that build headers in a hash map repeat them in another one. */
function isSameHeaders(json: string | null, stored: Record<string, string> | null): boolean {
  if (json === null || stored === null) return json === null && stored === null;
  const given = new Map(Object.entries(JSON.parse(json) as Record<string, string>));
  const kept = Object.entries(stored);
  return given.size === kept.length && kept.every(([name, value]) => given.get(name) === value);
}
