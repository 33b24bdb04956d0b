import type { Queryable } from "../../db.ts";
import type { DeliveryScope } from "../../domain/delivery-scope.ts";
import type { DeliveryKey } from "../../store/delivery-filter.ts";
import { findDeliveries } from "../../store/find-deliveries.ts";
import { type DeliveryRow, readDeliveries } from "../../store/read-deliveries.ts";
import { resolveDeliveries } from "./resolve-deliveries.ts";

/** Most deliveries one request looks at before it answers with what it found so far; the store's time limit comes first. */
const SCAN_LIMIT = 200_000;

export interface DeliveryPage {
  items: DeliveryRow[];
  /** Cursor of the next, older page; null: this is the last. */
  next: DeliveryKey | null;
  /** Set when the search stopped early: it looked at this many deliveries behind the cursor. */
  scanned: number | null;
}

/**
 * A page of deliveries, those of the newest messages first. Keyset paging: DEAD and WAITING ones of a subscription, and
 * those of a failure group, come by an index of their own, however many others there are.
 *
 * @param input `limit`: at most 500
 */
export async function listDeliveries(
  db: Queryable,
  input: DeliveryScope & { after: DeliveryKey | null; limit: number },
): Promise<DeliveryPage> {
  const filter = await resolveDeliveries(db, input);
  if (filter === null) return { items: [], next: null, scanned: null };
  const { after, limit } = input;
  const found = await findDeliveries(db, { filter, after, order: "newest", limit, scanLimit: SCAN_LIMIT });
  return {
    items: await readDeliveries(db, found.keys),
    next: found.next,
    scanned: found.complete ? null : found.scanned,
  };
}
