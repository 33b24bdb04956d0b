import type { Operator } from "../../auth/read-operator.ts";
import { type Pool, type Queryable, inTransaction } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { type MessageRow, readMessage, readPayload } from "../../store/find-messages.ts";
import { findTopic } from "../../store/topics.ts";
import { type AuditOrigin, auditActor } from "./audit-origin.ts";

/** Bytes of a payload that are sent for display; the whole of it is a download. */
export const DISPLAY_BYTES = 64 * 1024;

/** How long an unmasked payload may stand on the screen before it is covered again, ms. */
export const UNMASKED_MS = 5 * 60_000;

export interface ShownPayload {
  /** The first `DISPLAY_BYTES` bytes; null: its topic is masked. */
  base64: string | null;
  /** Of the whole payload. */
  bytes: number;
  contentType: string;
  /** Headers of the message; null: its topic is masked. */
  headers: Record<string, string> | null;
}

export interface UnmaskedPayload extends ShownPayload {
  /** The browser covers it again after this many ms. */
  hideAfterMs: number;
}

/** A payload for display; of a masked topic none. @throws SurelayError `not_found` */
export async function showPayload(db: Queryable, id: string): Promise<ShownPayload> {
  const { row, masked } = await findMessage(db, id);
  if (masked) return { base64: null, bytes: row.payloadBytes, contentType: row.contentType, headers: null };
  return unmasked(db, row);
}

/** A masked topic's payload, for who may; the look is in the audit log before the bytes are read. */
export async function unmaskPayload(
  db: Pool,
  look: { id: string; actor: Operator; from: AuditOrigin },
): Promise<UnmaskedPayload> {
  return inTransaction(db, async (tx) => {
    const { row } = await findMessage(tx, look.id);
    await appendAudit(tx, {
      ...auditActor(look.actor, look.from),
      action: "message.unmask",
      targetKind: "message",
      targetId: look.id,
      after: { shownForSeconds: UNMASKED_MS / 1000 },
    });
    return { ...(await unmasked(tx, row)), hideAfterMs: UNMASKED_MS };
  });
}

export interface PayloadFile {
  bytes: Buffer;
  contentType: string;
}

/** The whole payload as stored. @throws SurelayError `not_found`, `forbidden` when its topic is masked */
export async function downloadPayload(db: Queryable, id: string): Promise<PayloadFile> {
  const { row, masked } = await findMessage(db, id);
  if (masked) throw new SurelayError("forbidden", "The topic's payloads are masked.", { messageId: id });
  return { bytes: await bytesOf(db, row, row.payloadBytes), contentType: row.contentType };
}

async function findMessage(db: Queryable, id: string): Promise<{ row: MessageRow; masked: boolean }> {
  const row = await readMessage(db, id, null);
  if (row === null) throw new SurelayError("not_found", "There is no such message.", { messageId: id });
  return { row, masked: (await findTopic(db, row.topic))?.masked ?? false };
}

async function unmasked(db: Queryable, row: MessageRow): Promise<ShownPayload> {
  const bytes = await bytesOf(db, row, DISPLAY_BYTES);
  return {
    base64: bytes.toString("base64"),
    bytes: row.payloadBytes,
    contentType: row.contentType,
    headers: row.headers ?? {},
  };
}

async function bytesOf(db: Queryable, row: MessageRow, most: number): Promise<Buffer> {
  const bytes = await readPayload(db, row.id, most);
  if (bytes === null) throw new SurelayError("not_found", "There is no such message.", { messageId: row.id });
  return bytes;
}
