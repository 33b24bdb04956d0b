import type { CheckBackRequest } from "../../../sdk/contract/check-back.ts";

/** What a check-back names of its message. */
export interface AskedMessage {
  id: string;
  businessKey: string | null;
  topic: string;
  type: string | null;
  storedAt: Date;
}

/**
 * The body of a check-back. It is made of what never changes, so one that was sent can be shown again exactly without
 * having been stored. Pure.
 *
 * @param attempt from 1
 */
export function buildCheckRequest(message: AskedMessage, attempt: number): CheckBackRequest {
  return {
    messageId: message.id,
    businessKey: message.businessKey,
    topic: message.topic,
    type: message.type,
    preparedAt: message.storedAt.toISOString(),
    attempt,
  };
}
