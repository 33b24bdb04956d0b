import type { Queryable } from "../db.ts";
import type { DeliveryState } from "../domain/delivery-state.ts";
import type { ErrorFingerprint } from "../domain/fingerprint-error.ts";
import { ackStatement } from "./ack-statement.ts";
import { plainArray, textArray } from "./sql-array.ts";

/** Why a consumer's attempt failed: as it said it, and the group it falls into. */
export interface AckFailure extends Pick<ErrorFingerprint, "fingerprint" | "type" | "pattern" | "sample"> {
  message: string | null;
  stack: string | null;
}

/** What a consumer says of one delivery. A flush holds each message and subscription once. */
export interface Ack {
  /** Lower case. */
  messageId: string;
  /** Name of the subscription on the message's topic. */
  subscription: string;
  /** Whose key says it; null: somebody whom no key is asked for, and the broker lets write. */
  appId: number | null;
  outcome: "acked" | "retry" | "rejected";
  /** The attempt it speaks of; null: the delivery's own. */
  attempt: number | null;
  retryAfterSeconds: number | null;
  /** With `retry` and `rejected`. */
  failure: AckFailure | null;
}

export type AckRefusal = "unknown_subscription" | "forbidden" | "wrong_ack_mode" | "not_delivered";

/** What stands after an item. `refused`: nothing changed, for that reason. */
export type AckedDelivery =
  | { refused: null; state: DeliveryState; attempt: number; stale: boolean }
  | { refused: AckRefusal };

/** By the place of the item in the list. Of an item that is absent there was nothing to be moved. */
export type AckedDeliveries = Map<number, AckedDelivery | "raced">;

/**
 * Moves deliveries that exist: ACKED, WAITING with the next attempt's time, or DEAD, and their messages with them
 * (server/store/ack-statement.ts).
 *
 * @param acks ordered by messageId: that is the order in which rows are locked
 * @returns what stands now; an item without an entry has no delivery that this statement's snapshot shows: see
 * `makeAckedDeliveries`
 */
export function ackDeliveries(db: Queryable, acks: readonly Ack[]): Promise<AckedDeliveries> {
  return run(db, "ack-deliveries", KNOWN, acks);
}

/**
 * Makes deliveries by their consumers' own words, where there was none: of a message that is committed in the broker but
 * not marked SENT yet (the consumer was faster), or that was sent before the subscription was declared.
 *
 * @param acks ordered by messageId
 * @returns what stands now, or `raced`: the delivery was made by another statement meanwhile, ask `ackDeliveries` again. An
 * item without an entry: there is no such message.
 */
export function makeAckedDeliveries(db: Queryable, acks: readonly Ack[]): Promise<AckedDeliveries> {
  return run(db, "make-acked-deliveries", MADE, acks);
}

const KNOWN = { plain: ackStatement("known", false), failing: ackStatement("known", true) };
const MADE = { plain: ackStatement("made", false), failing: ackStatement("made", true) };

type Row = [
  n: string,
  refused: AckRefusal | null,
  state: DeliveryState | null,
  attempt: number,
  stale: boolean,
];

async function run(
  db: Queryable,
  name: string,
  text: { plain: string; failing: string },
  acks: readonly Ack[],
): Promise<AckedDeliveries> {
  const fails = acks.some((ack) => ack.outcome !== "acked");
  const { rows } = await db.query<Row>({
    name: fails ? `${name}-failing` : name,
    text: fails ? text.failing : text.plain,
    values: [...toColumns(acks), ...(fails ? failingColumns(acks) : [])],
    rowMode: "array",
  });
  return new Map(rows.map((row) => [Number(row[0]) - 1, toAcked(row)]));
}

function toAcked([, refused, state, attempt, stale]: Row): AckedDelivery | "raced" {
  if (refused !== null) return { refused };
  return state === null ? "raced" : { refused: null, state, attempt, stale };
}

/** Parameters $1 to $4. */
function toColumns(acks: readonly Ack[]): unknown[] {
  return [
    plainArray(acks.map((ack) => ack.messageId)),
    textArray(acks.map((ack) => ack.subscription)),
    plainArray(acks.map((ack) => ack.appId)),
    plainArray(acks.map((ack) => ack.attempt)),
  ];
}

/** Parameters $5 to $12. */
function failingColumns(acks: readonly Ack[]): unknown[] {
  const text = (of: (failure: AckFailure) => string | null) =>
    textArray(acks.map((ack) => (ack.failure === null ? null : of(ack.failure))));
  return [
    plainArray(acks.map((ack) => ack.outcome)),
    plainArray(acks.map((ack) => ack.retryAfterSeconds)),
    text((failure) => failure.fingerprint),
    text((failure) => failure.type),
    text((failure) => failure.pattern),
    text((failure) => failure.sample),
    text((failure) => failure.message),
    text((failure) => failure.stack),
  ];
}
