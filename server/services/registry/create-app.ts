import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { type AppDeclaration, type AppRow, insertApp } from "../../store/apps.ts";
import { appendAudit } from "../../store/audit.ts";
import { type Acting, entryOf } from "./acting.ts";

/** Declares a new app. @throws SurelayError `id_conflict`: there is one of this name */
export function createApp(db: Pool, app: AppDeclaration, by: Acting): Promise<AppRow> {
  return inTransaction(db, async (tx) => {
    const made = await insertApp(tx, app);
    if (made === null)
      throw new SurelayError("id_conflict", `There is an app ${JSON.stringify(app.name)} already.`);
    await appendAudit(
      tx,
      entryOf(by, { action: "app.create", targetKind: "app", targetId: app.name, after: app }),
    );
    return made;
  });
}
