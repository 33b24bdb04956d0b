import type { Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { type OperatorRow, findOperator } from "../../store/operators.ts";
import { type SessionRow, listSessions } from "../../store/sessions.ts";

/** An operator with the browsers that are signed in. */
export interface Account {
  operator: OperatorRow;
  sessions: SessionRow[];
}

/** @throws SurelayError `not_found` */
export async function readAccount(db: Queryable, id: string): Promise<Account> {
  const [operator, sessions] = await Promise.all([findOperator(db, id), listSessions(db, id)]);
  if (operator === null) throw new SurelayError("not_found", "There is no such operator.");
  return { operator, sessions };
}
