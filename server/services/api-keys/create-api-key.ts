import { newApiKeyText, hashSecret } from "../../auth/api-key-text.ts";
import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { insertApiKey, type Scope } from "../../store/api-keys.ts";
import { findApp } from "../../store/apps.ts";
import { appendAudit } from "../../store/audit.ts";

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
      after: { app: app.name, scopes, note: input.note ?? null, ratePerSecond: input.ratePerSecond ?? null },
    });
  });
  return { id: key.id, key: key.text };
}
