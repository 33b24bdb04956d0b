import { ACK_LIMITS, ackItem } from "../../../sdk/contract/acks.ts";
import { fingerprintError } from "../../domain/fingerprint-error.ts";
import { SurelayError } from "../../errors.ts";
import type { Ack, AckFailure } from "../../store/ack-deliveries.ts";

/** An item as it was said: whose word it is comes from elsewhere. */
export type ParsedAck = Omit<Ack, "appId">;

/** An item nobody can act on; what it names, as far as that can be read. */
export interface RefusedAck {
  messageId?: string;
  subscription?: string;
  error: SurelayError;
}

export const isRefused = (ack: ParsedAck | RefusedAck): ack is RefusedAck => "error" in ack;

/** The body of `POST /v1/acks`. Each item is judged alone. @throws SurelayError when the call as a whole is wrong */
export function parseAckBatch(bytes: Buffer, most: number): (ParsedAck | RefusedAck)[] {
  const body = readJson(bytes, "The body");
  if (!isObject(body)) throw refused('The body is not an object {"items": […]}.');
  const { items, ...others } = body;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw refused(`There is no field ${JSON.stringify(unknown.slice(0, 100))}.`);
  if (items === undefined) throw refused("items is missing.");
  if (!Array.isArray(items)) throw refused("items is not an array.");
  if (items.length === 0) throw refused("items is empty.");
  if (items.length > most) throw refused(`items holds more than ${most} entries.`);
  return items.map(parseAck);
}

/** A record of the topic: one item. Never throws. */
export function parseAckRecord(value: Buffer | null): ParsedAck | RefusedAck {
  try {
    if (value === null) throw refused("The record has no value.");
    return parseAck(readJson(value, "The record"));
  } catch (error) {
    if (error instanceof SurelayError) return { error };
    throw error;
  }
}

function parseAck(item: unknown): ParsedAck | RefusedAck {
  const parsed = ackItem.safeParse(item);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue!.path.join(".");
    return { ...named(item), error: refused(`${where === "" ? "" : `${where}: `}${issue!.message}.`) };
  }
  const { messageId, subscription, outcome, attempt, error, retryAfterSeconds } = parsed.data;
  const known = {
    messageId: messageId.toLowerCase(),
    subscription,
    outcome,
    attempt: attempt ?? null,
  };
  if (outcome === "acked") return { ...known, retryAfterSeconds: null, failure: null };
  return {
    ...known,
    retryAfterSeconds: outcome === "retry" ? (retryAfterSeconds ?? null) : null,
    failure: failureOf(error),
  };
}

function failureOf(error: { type: string; message?: string; stack?: string } | undefined): AckFailure {
  const print = fingerprintError({ type: error?.type ?? null, message: error?.message ?? null });
  return {
    fingerprint: print.fingerprint,
    type: print.type,
    pattern: print.pattern,
    sample: print.sample,
    message: storable(error?.message, ACK_LIMITS.errorMessage),
    stack: storable(error?.stack, ACK_LIMITS.errorStack),
  };
}

/** PostgreSQL's text holds neither U+0000 nor half a surrogate pair, and an error's text may hold anything. */
function storable(text: string | undefined, most: number): string | null {
  if (text === undefined) return null;
  return text.slice(0, most).replace(/[\0\p{Surrogate}]/gu, "\uFFFD");
}

/** What an item that is not valid names, so that its sender finds it again. */
function named(item: unknown): { messageId?: string; subscription?: string } {
  if (!isObject(item)) return {};
  const { messageId, subscription } = item;
  return {
    ...(typeof messageId === "string" && { messageId: messageId.slice(0, 100) }),
    ...(typeof subscription === "string" && { subscription: subscription.slice(0, 100) }),
  };
}

function readJson(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(bytes.toString("utf8")) as unknown;
  } catch (error) {
    throw refused(`${what} is not JSON: ${(error as Error).message.slice(0, 200)}.`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refused(detail: string): SurelayError {
  return new SurelayError("validation_failed", detail);
}
