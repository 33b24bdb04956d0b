import type { Queryable } from "../../db.ts";
import { type BreakerRow, readBreakerRows } from "../../store/check-breakers.ts";

/**
 * Whether apps can be reached for check-backs: since when not, how often it was tried, when it is tried next. An app that is
 * absent never was away.
 *
 * @param app one alone; null: all
 */
export function readBreakers(db: Queryable, app: string | null = null): Promise<BreakerRow[]> {
  return readBreakerRows(db, app);
}
