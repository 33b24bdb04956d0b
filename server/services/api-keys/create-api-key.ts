import { newApiKeyText, hashSecret } from "../../auth/api-key-text.ts";
import { KEY_RATE, NOTE_LENGTH } from "../../domain/registry-rules.ts";
import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { insertApiKey, type Scope } from "../../store/api-keys.ts";
import { findApp } from "../../store/apps.ts";
import { appendAudit } from "../../store/audit.ts";
import type { AuditOrigin } from "../console/audit-origin.ts";

export interface CreateApiKey {
  /** Name of the app that the key acts for. */
  app: string;
  scopes: readonly Scope[];
  note?: string | null;
  /** Shown name of who makes it, such as `cli:<system user>`. */
  createdBy: string;
  /** The operator's user id; absent for the command line. */
  actorId?: string | null;
  /** Messages per second; absent: the service's default. */
  ratePerSecond?: number | null;
  /** Where an operator's request came from; absent for the command line. */
  from?: AuditOrigin;
}

/**
 * Makes an API key. Its text is returned here and never again: only a hash of it is stored.
 *
 * @throws SurelayError `not_found` (the app) | `validation_failed`
 */
export async function createApiKey(db: Pool, input: CreateApiKey): Promise<{ id: string; key: string }> {
  const scopes = [...new Set(input.scopes)];
  if (scopes.length === 0)
    throw new SurelayError("validation_failed", "An API key needs at least one scope.");
  requireKeyForm(input);
  const key = newApiKeyText();
  await inTransaction(db, async (tx) => {
    const app = await findApp(tx, input.app);
    if (!app)
      throw new SurelayError(
        "not_found",
        `There is no app ${JSON.stringify(input.app)}. Declare it in the topology file and run \`surelay apply\`.`,
      );
    await insertApiKey(tx, {
      id: key.id,
      appId: app.id,
      hash: hashSecret(key.secret),
      scopes,
      ratePerSecond: input.ratePerSecond ?? null,
      note: input.note ?? null,
      createdBy: input.createdBy,
    });
    await appendAudit(tx, {
      actorId: input.actorId ?? null,
      actorName: input.createdBy,
      action: "api_key.create",
      targetKind: "api_key",
      targetId: key.id,
      ...input.from,
      after: { app: app.name, scopes, note: input.note ?? null, ratePerSecond: input.ratePerSecond ?? null },
    });
  });
  return { id: key.id, key: key.text };
}

function requireKeyForm({ note, ratePerSecond: rate }: CreateApiKey): void {
  if (note && note.length > NOTE_LENGTH)
    throw new SurelayError("validation_failed", `A key's note has at most ${NOTE_LENGTH} characters.`);
  if (rate != null && (!Number.isInteger(rate) || rate < KEY_RATE.min || rate > KEY_RATE.max))
    throw new SurelayError(
      "validation_failed",
      `A key's rate is a whole number from ${KEY_RATE.min} to ${KEY_RATE.max}.`,
    );
}
