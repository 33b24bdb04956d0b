import type { Queryable } from "../../server/db.ts";

/** Ends after so many statements: staggers the contenders of a race in the unit that they run in. */
export async function roundTrips(db: Queryable, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await db.query("SELECT 1");
}
