import type { Queryable } from "../db.ts";

/** Subscriptions of a topic, of a name, or both, removed ones too: their deliveries still stand. */
export async function findSubscriptionIds(
  db: Queryable,
  by: { topic: string | null; name: string | null },
): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `SELECT x.id FROM subscription x JOIN topic t ON t.id = x.topic_id
     WHERE ($1::text IS NULL OR t.name = $1) AND ($2::text IS NULL OR x.name = $2)`,
    [by.topic, by.name],
  );
  return rows.map((row) => row.id);
}

/** `<topic>/<name>` of subscriptions by their ids. */
export async function readSubscriptionNames(
  db: Queryable,
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: number; name: string }>(
    `SELECT x.id, t.name || '/' || x.name AS name FROM subscription x JOIN topic t ON t.id = x.topic_id WHERE x.id = ANY($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** @returns null: there is none of this name on this topic, or it was removed */
export async function findLiveSubscription(
  db: Queryable,
  topic: string,
  name: string,
): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>(
    `SELECT x.id FROM subscription x JOIN topic t ON t.id = x.topic_id
     WHERE t.name = $1 AND x.name = $2 AND x.removed_at IS NULL`,
    [topic, name],
  );
  return rows[0]?.id ?? null;
}
