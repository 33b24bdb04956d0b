import { v7 } from "uuid";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A new message id: UUIDv7, growing within one process even inside a millisecond. */
export function newMessageId(): string {
  return v7();
}

/** Whether the text is a UUIDv7 in the canonical lower-case form. */
export function isMessageId(text: string): boolean {
  return UUID_V7.test(text);
}

/** The moment inside a UUIDv7, ms since the epoch. */
export function timeOfMessageId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

export interface IdWindow {
  pastSeconds: number;
  futureSeconds: number;
}

export type IdVerdict = "ok" | "too_old" | "in_the_future";

/**
 * Whether a caller's id may name a new message. The id decides the partition its rows live in, so a clock that is far
 * off would put them where retention has been already, or where no partition stands yet.
 */
export function judgeMessageId(id: string, nowMs: number, window: IdWindow): IdVerdict {
  const age = nowMs - timeOfMessageId(id);
  if (age > window.pastSeconds * 1000) return "too_old";
  if (-age > window.futureSeconds * 1000) return "in_the_future";
  return "ok";
}
