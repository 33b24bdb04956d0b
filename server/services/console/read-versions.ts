import { inTransaction, type Pool, type Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import {
  listVersions,
  type MessageVersionRow,
  readCopied,
  readVersionContent,
} from "../../store/message-versions.ts";
import { type Acting, entryOf } from "../registry/acting.ts";

/** Every version of a message, oldest first; the first is the producer's own. @throws SurelayError `not_found` */
export async function readVersions(db: Queryable, id: string): Promise<MessageVersionRow[]> {
  const versions = await listVersions(db, id);
  if (versions.length === 0)
    throw new SurelayError("not_found", "There is no such message.", { messageId: id });
  return versions;
}

export interface EditableContent {
  version: number;
  contentType: string;
  headers: Record<string, string>;
  /** The whole payload. */
  base64: string;
}

/**
 * A version's whole content, to be edited or compared. Of a masked topic it is for who may unmask; the look is in the audit
 * log before it is answered.
 *
 * @param look `mayUnmask`: the asker may see payloads of masked topics
 * @throws SurelayError `not_found` | `forbidden` (a masked topic)
 */
export function readVersion(
  db: Pool,
  look: { id: string; version: number; mayUnmask: boolean },
  by: Acting,
): Promise<EditableContent> {
  const { id, version } = look;
  return inTransaction(db, async (tx) => {
    const copied = await readCopied(tx, id);
    const content = await readVersionContent(tx, id, version);
    if (copied === null || content === null)
      throw new SurelayError("not_found", "There is no such message or version.", { messageId: id });
    if (copied.masked) {
      if (!look.mayUnmask)
        throw new SurelayError("forbidden", "The topic's payloads are masked.", { messageId: id });
      const after = { version };
      await appendAudit(
        tx,
        entryOf(by, { action: "message.unmask", targetKind: "message", targetId: id, after }),
      );
    }
    return {
      version,
      contentType: content.contentType,
      headers: content.headers ?? {},
      base64: content.payload.toString("base64"),
    };
  });
}
