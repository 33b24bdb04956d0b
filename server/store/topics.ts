import type { Queryable } from "../db.ts";

/** `main`: producers' messages. The others belong to a subscription: its redeliveries, its dead letters. */
export type TopicKind = "main" | "retry" | "dead_letter";

export interface TopicRow {
  id: number;
  name: string;
  kind: TopicKind;
  partitions: number;
  schema: unknown;
  masked: boolean;
  faultCode: string | null;
  faultDetail: string | null;
  faultSince: Date | null;
  /** An operator keeps its messages from being sent since. */
  pausedAt: Date | null;
  pausedBy: string | null;
  pauseReason: string | null;
}

const COLUMNS = `id, name, kind, partitions, schema, masked, fault_code AS "faultCode", fault_detail AS "faultDetail",
  fault_since AS "faultSince", paused_at AS "pausedAt", paused_by AS "pausedBy", pause_reason AS "pauseReason"`;

/** All topics that producers' messages go to, by name. There are as many as somebody declared: hundreds, not millions. */
export async function listTopics(db: Queryable): Promise<TopicRow[]> {
  return (await db.query<TopicRow>(`SELECT ${COLUMNS} FROM topic WHERE kind = 'main' ORDER BY name`)).rows;
}

/** Those that belong to subscriptions, too: whatever the relay may write to. */
export async function listAllTopics(db: Queryable): Promise<TopicRow[]> {
  return (await db.query<TopicRow>(`SELECT ${COLUMNS} FROM topic ORDER BY name`)).rows;
}

/** One that producers' messages go to. */
export async function findTopic(db: Queryable, name: string): Promise<TopicRow | null> {
  const { rows } = await db.query<TopicRow>(
    `SELECT ${COLUMNS} FROM topic WHERE name = $1 AND kind = 'main'`,
    [name],
  );
  return rows[0] ?? null;
}

/**
 * Declares a topic of a subscription; one that stands from a former subscription of the name is taken over.
 *
 * @returns null: a topic of another kind has this name
 */
export async function declareOwnTopic(
  db: Queryable,
  topic: { name: string; kind: "retry" | "dead_letter"; partitions: number },
): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO topic (name, kind, partitions) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET partitions = greatest(topic.partitions, excluded.partitions)
     WHERE topic.kind = excluded.kind
     RETURNING id`,
    [topic.name, topic.kind, topic.partitions],
  );
  return rows[0]?.id ?? null;
}

/**
 * Declares a topic or changes its declaration.
 *
 * @param schema a JSON Schema, or null for none
 * @throws Error: a subscription's own topic has this name
 */
export async function upsertTopic(
  db: Queryable,
  topic: { name: string; partitions: number; schema: unknown; masked: boolean },
): Promise<TopicRow> {
  const { rows } = await db.query<TopicRow>(
    `INSERT INTO topic (name, partitions, schema, masked) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE
     SET partitions = excluded.partitions, schema = excluded.schema, masked = excluded.masked, updated_at = now()
     WHERE topic.kind = 'main'
     RETURNING ${COLUMNS}`,
    [topic.name, topic.partitions, topic.schema === null ? null : JSON.stringify(topic.schema), topic.masked],
  );
  if (!rows[0]) throw new Error(`a subscription's own topic is called ${topic.name}`);
  return rows[0];
}

/** Shows what keeps a topic's messages from being sent. The time of the first such finding stays. */
export async function setTopicFault(
  db: Queryable,
  topicId: number,
  code: string,
  detail: string,
): Promise<void> {
  await db.query(
    `UPDATE topic SET fault_code = $2, fault_detail = $3, fault_since = coalesce(fault_since, now())
     WHERE id = $1 AND (fault_code, fault_detail) IS DISTINCT FROM ($2, $3)`,
    [topicId, code, detail],
  );
}

export async function clearTopicFault(db: Queryable, topicId: number): Promise<void> {
  await db.query(
    "UPDATE topic SET fault_code = NULL, fault_detail = NULL, fault_since = NULL WHERE id = $1 AND fault_code IS NOT NULL",
    [topicId],
  );
}
