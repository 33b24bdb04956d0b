import type { PoolClient, Queryable } from "../db.ts";
import type { MessageState } from "../domain/message-state.ts";

/** What an operator made of a message's content. Version 1 is the content as it was stored. */
export interface MessageVersionRow {
  version: number;
  at: Date;
  /** Null: the producer's own. */
  editedBy: string | null;
  reason: string | null;
  note: string | null;
  contentType: string;
  bytes: number;
}

export interface VersionContent {
  contentType: string;
  headers: Record<string, string> | null;
  payload: Buffer;
}

export interface NewVersion {
  messageId: string;
  /** The version its author saw. */
  basedOn: number;
  contentType: string;
  /** A JSON object of strings, as text; `{}`: none. */
  headers: string;
  payload: Buffer;
  editedBy: string;
  reason: string;
  note: string | null;
}

export type VersionStored =
  | { outcome: "stored"; version: number }
  /** Somebody else made a version meanwhile. */
  | { outcome: "changed_meanwhile"; version: number; editedBy: string | null };

const STORE = `
  WITH newest AS MATERIALIZED (
    SELECT coalesce(v.version, 1) AS version, v.edited_by FROM (SELECT) one LEFT JOIN LATERAL (
      SELECT version, edited_by FROM message_version WHERE message_id = $1 ORDER BY version DESC LIMIT 1) v ON true
  ), stored AS (
    INSERT INTO message_version (message_id, version, edited_by, reason, note, content_type, headers, payload)
    SELECT $1, n.version + 1, $3, $4, $5, $6, $7, $8 FROM newest n WHERE n.version = $2
    RETURNING version
  )
  SELECT n.version, n.edited_by AS "editedBy", stored.version AS stored FROM newest n LEFT JOIN stored ON true`;

/**
 * Stores what is sent of a message from now on, beside what was stored first. Call it after `lockCopied`: of two authors at
 * once the second then finds the first one's version, and stores none. Without it the second's insert fails.
 */
export async function storeVersion(db: Queryable, edit: NewVersion): Promise<VersionStored> {
  const { rows } = await db.query<{ version: number; editedBy: string | null; stored: number | null }>(
    STORE,
    [
      edit.messageId,
      edit.basedOn,
      edit.editedBy,
      edit.reason,
      edit.note,
      edit.contentType,
      edit.headers,
      edit.payload,
    ],
  );
  const { version, editedBy, stored } = rows[0]!;
  if (stored !== null) return { outcome: "stored", version: stored };
  return { outcome: "changed_meanwhile", version, editedBy };
}

/** All versions of a message, oldest first; empty: there is no such message. */
export async function listVersions(db: Queryable, messageId: string): Promise<MessageVersionRow[]> {
  const { rows } = await db.query<MessageVersionRow>(
    `SELECT 1 AS version, s.stored_at AS at, NULL AS "editedBy", NULL AS reason, NULL AS note,
            m.content_type AS "contentType", octet_length(m.payload) AS bytes
     FROM message m JOIN message_state s ON s.id = m.id WHERE m.id = $1
     UNION ALL
     SELECT version, at, edited_by, reason, note, content_type, octet_length(payload)
     FROM message_version WHERE message_id = $1
     ORDER BY version`,
    [messageId],
  );
  return rows;
}

/** A version's content; null: there is none. */
export async function readVersionContent(
  db: Queryable,
  messageId: string,
  version: number,
): Promise<VersionContent | null> {
  const { rows } = await db.query<VersionContent>(
    version === 1
      ? `SELECT content_type AS "contentType", headers, payload FROM message WHERE id = $1 AND $2::int = 1`
      : `SELECT content_type AS "contentType", headers, payload FROM message_version WHERE message_id = $1 AND version = $2`,
    [messageId, version],
  );
  return rows[0] ?? null;
}

/** What a copy of a message takes from it. */
export interface CopiedFrom {
  appId: number;
  topicId: number;
  topic: string;
  masked: boolean;
  lane: number;
  key: string | null;
  type: string | null;
  businessKey: string | null;
  traceparent: string | null;
}

const COPIED = `m.app_id AS "appId", m.topic_id AS "topicId", t.name AS topic, t.masked, m.lane, m.key, m.type,
  m.business_key AS "businessKey", m.traceparent`;

/** @returns null: there is no such message */
export async function readCopied(db: Queryable, messageId: string): Promise<CopiedFrom | null> {
  const { rows } = await db.query<CopiedFrom>(
    `SELECT ${COPIED} FROM message m JOIN topic t ON t.id = m.topic_id WHERE m.id = $1`,
    [messageId],
  );
  return rows[0] ?? null;
}

/** The same with the message's state, which stays until the caller's transaction ends. */
export async function lockCopied(
  tx: PoolClient,
  messageId: string,
): Promise<(CopiedFrom & { state: MessageState }) | null> {
  const { rows } = await tx.query<CopiedFrom & { state: MessageState }>(
    `SELECT ${COPIED}, s.state FROM message_state s JOIN message m ON m.id = s.id JOIN topic t ON t.id = m.topic_id
     WHERE s.id = $1 FOR UPDATE OF s`,
    [messageId],
  );
  return rows[0] ?? null;
}

/** A message that an operator made was decided by nobody's business transaction. */
export async function ownDecision(db: Queryable, messageId: string): Promise<void> {
  await db.query("UPDATE message_state SET decided_by = 'operator' WHERE id = $1", [messageId]);
}
