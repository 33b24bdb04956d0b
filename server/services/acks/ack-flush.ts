import type { Queryable } from "../../db.ts";
import type { DeliveryState } from "../../domain/delivery-state.ts";
import { SurelayError } from "../../errors.ts";
import {
  type Ack,
  ackDeliveries,
  type AckedDelivery,
  type AckRefusal,
  makeAckedDeliveries,
} from "../../store/ack-deliveries.ts";

/** What stands after an ack, whether it changed something or not. */
export interface Acked {
  state: DeliveryState;
  attempt: number;
  stale: boolean;
}

/** A message was marked SENT, or another consumer answered, between our two statements: asked once more it is seen. */
const RACES = 3;

/**
 * Writes a flush of acks; none of them may stand in it twice (`pairOf`). Most need one statement; what it finds no delivery
 * for is either early, or there is nothing to acknowledge.
 *
 * @returns results in the order of the acks
 */
export async function ackFlush(db: Queryable, acks: readonly Ack[]): Promise<(Acked | SurelayError)[]> {
  const results = new Map<Ack, Acked | SurelayError>();
  // The order in which every statement locks messages.
  let open = acks.toSorted((a, b) => (a.messageId < b.messageId ? -1 : a.messageId > b.messageId ? 1 : 0));
  for (let race = 0; open.length > 0 && race <= RACES; race++) {
    const known = await ackDeliveries(db, open);
    const missing = open.filter((ack, n) => !settle(results, ack, known.get(n)));
    if (missing.length === 0) break;
    const made = await makeAckedDeliveries(db, missing);
    open = missing.filter((ack, n) => {
      if (!made.has(n)) results.set(ack, new SurelayError("not_found", "There is no such message."));
      else return !settle(results, ack, made.get(n));
      return false;
    });
  }
  return acks.map((ack) => results.get(ack) ?? stillMoving());
}

/** Names what an ack speaks of: two acks of one delivery do not share a statement. */
export const pairOf = (ack: Pick<Ack, "messageId" | "subscription">): string =>
  `${ack.messageId} ${ack.subscription}`;

function settle(
  results: Map<Ack, Acked | SurelayError>,
  ack: Ack,
  answer: AckedDelivery | "raced" | undefined,
): boolean {
  if (answer === undefined || answer === "raced") return false;
  if (answer.refused !== null) results.set(ack, new SurelayError(answer.refused, REFUSALS[answer.refused]));
  else results.set(ack, { state: answer.state, attempt: answer.attempt, stale: answer.stale });
  return true;
}

const REFUSALS: Record<AckRefusal, string> = {
  unknown_subscription: "The message's topic has no subscription of this name.",
  forbidden: "The subscription belongs to another app than this API key.",
  wrong_ack_mode:
    "The subscription is not acknowledged by calls: its mode is not explicit, see the topic's declaration.",
  not_delivered: "The message was not delivered to anybody, so there is nothing to acknowledge.",
};

function stillMoving(): SurelayError {
  return new SurelayError("unavailable", "Others keep moving this delivery. Say it again.", {
    retryAfterSeconds: 1,
  });
}
