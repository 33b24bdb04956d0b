import { isDeepStrictEqual } from "node:util";
import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { type AppDeclaration, type AppRow, changeApp as writeApp, findApp } from "../../store/apps.ts";
import { appendAudit } from "../../store/audit.ts";
import { type Acting, entryOf } from "./acting.ts";
import { type ChangedMeanwhile, changedMeanwhile } from "./changed-meanwhile.ts";

export type ChangeAppResult = { kind: "changed" } | { kind: "unchanged" } | ChangedMeanwhile;

/**
 * Changes what an app declares, if it still is as the author saw it. Without `check` it is asked as before.
 *
 * @param seen `updatedAt` of what the author saw
 * @throws SurelayError `not_found`
 */
export function changeApp(
  db: Pool,
  change: { app: AppDeclaration; seen: Date },
  by: Acting,
): Promise<ChangeAppResult> {
  const { seen } = change;
  return inTransaction(db, async (tx) => {
    const { name } = change.app;
    const now = await findApp(tx, name);
    if (now === null) throw new SurelayError("not_found", `There is no app ${JSON.stringify(name)}.`);
    const app = { ...change.app, check: change.app.check ?? now.check };
    const before = declarationOf(now);
    if (isDeepStrictEqual(before, declarationOf(app))) return { kind: "unchanged" };
    if ((await writeApp(tx, app, seen)) === null) return changedMeanwhile(tx, "app", app.name);
    await appendAudit(
      tx,
      entryOf(by, { action: "app.change", targetKind: "app", targetId: app.name, before, after: app }),
    );
    return { kind: "changed" };
  });
}

function declarationOf({
  name,
  checkUrl,
  checkAfterSeconds,
  check,
  contact,
}: Required<AppDeclaration> | AppRow): Required<AppDeclaration> {
  return { name, checkUrl, checkAfterSeconds, check, contact };
}
