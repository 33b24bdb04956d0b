import type { Queryable } from "../db.ts";

/** A lane as its owner holds it; a statement guarded by it does nothing once the epoch has moved on. */
export interface LaneHold {
  lane: number;
  epoch: bigint;
}

/** `leaseHeld` false: the lane has another owner and nothing was written. */
export interface GuardedWrite {
  leaseHeld: boolean;
  moved: number;
}

/** Runs a statement whose row says whether the lease was held, and how many rows moved. */
export async function guarded(
  db: Queryable,
  name: string,
  text: string,
  values: unknown[],
): Promise<GuardedWrite> {
  const { rows } = await db.query<[number, number]>({ name, text, values, rowMode: "array" });
  return { leaseHeld: rows[0]![0] > 0, moved: rows[0]![1] };
}
