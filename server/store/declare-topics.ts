import type { Queryable } from "../db.ts";

export interface TopicDeclaration {
  name: string;
  partitions: number;
  /** A JSON Schema, or null for none. */
  schema: unknown;
  masked: boolean;
}

/** Declares a new topic. @returns false: there is one of this name already */
export async function insertTopic(db: Queryable, topic: TopicDeclaration): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO topic (name, partitions, schema, masked) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING`,
    [topic.name, topic.partitions, textOf(topic.schema), topic.masked],
  );
  return rowCount === 1;
}

/** The new time differs from the old one even within its millisecond, so that of two who saw the same one is refused. */
const NOW = "greatest(clock_timestamp(), updated_at + interval '1 millisecond')";

/**
 * Masks or unmasks a topic that still is as somebody saw it.
 * @param seen `updatedAt` of what the change was made from
 * @returns false: no such topic, or changed meanwhile
 */
export async function setTopicMasked(
  db: Queryable,
  name: string,
  masked: boolean,
  seen: Date,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE topic SET masked = $2, updated_at = ${NOW} WHERE name = $1 AND updated_at = $3`,
    [name, masked, seen],
  );
  return rowCount === 1;
}

/** Sets a topic's schema, or takes it away with null; as `setTopicMasked`. */
export async function setTopicSchema(
  db: Queryable,
  name: string,
  schema: unknown,
  seen: Date,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE topic SET schema = $2, updated_at = ${NOW} WHERE name = $1 AND updated_at = $3`,
    [name, textOf(schema), seen],
  );
  return rowCount === 1;
}

/** Raises the declared partitions, from what somebody saw. @returns false: no such topic, or raised meanwhile */
export async function raiseTopicPartitions(
  db: Queryable,
  name: string,
  from: number,
  to: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE topic SET partitions = $3, updated_at = ${NOW} WHERE name = $1 AND partitions = $2 AND partitions < $3`,
    [name, from, to],
  );
  return rowCount === 1;
}

function textOf(schema: unknown): string | null {
  return schema === null ? null : JSON.stringify(schema);
}
