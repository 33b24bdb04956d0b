import type { Queryable } from "../../db.ts";
import { readMessage } from "../../store/find-messages.ts";
import { type Neighbour, readNeighbours } from "../../store/message-surroundings.ts";

/** Other messages shown beside one; the list has the rest. */
const MAX_NEIGHBOURS = 5;

export interface Neighbours {
  /** Newest first. */
  items: Neighbour[];
  /** There are more than `items`. */
  more: boolean;
}

/** Other messages of the same business key, of whichever app. Of a message without one, or that is gone, none. */
export async function readNeighboursForOperator(db: Queryable, id: string): Promise<Neighbours> {
  const message = await readMessage(db, id, null);
  if (message === null || message.businessKey === null) return { items: [], more: false };
  const { businessKey } = message;
  const found = await readNeighbours(db, { id, businessKey, limit: MAX_NEIGHBOURS + 1 });
  return { items: found.slice(0, MAX_NEIGHBOURS), more: found.length > MAX_NEIGHBOURS };
}
