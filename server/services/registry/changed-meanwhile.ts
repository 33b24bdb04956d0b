import type { Queryable } from "../../db.ts";
import { readLastChange } from "../../store/registry-rows.ts";

/** A change from something that is no longer as its author saw it: nothing was written. */
export interface ChangedMeanwhile {
  kind: "changed_meanwhile";
  /** Who was there before; null: nobody who left an entry in the audit log. */
  by: string | null;
  at: Date | null;
}

/** Says who was there before. */
export async function changedMeanwhile(
  db: Queryable,
  kind: "app" | "topic" | "outbox_source" | "subscription",
  name: string,
): Promise<ChangedMeanwhile> {
  const last = await readLastChange(db, kind, name);
  return { kind: "changed_meanwhile", by: last?.by ?? null, at: last?.at ?? null };
}
