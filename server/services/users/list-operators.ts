import type { Queryable } from "../../db.ts";
import { type OperatorRow, listOperators as list } from "../../store/operators.ts";

/** All operators by name. */
export function listOperators(db: Queryable): Promise<OperatorRow[]> {
  return list(db);
}
