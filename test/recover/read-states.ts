import type { Queryable } from "../../server/db.ts";

/** States of these messages, in the order asked. */
export async function readCommittedStates(db: Queryable, ids: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ state: string }>(
    `SELECT s.state::text FROM unnest($1::uuid[]) WITH ORDINALITY AS asked(id, n)
     JOIN message_state s USING (id) ORDER BY n`,
    [ids],
  );
  return rows.map((row) => row.state);
}
