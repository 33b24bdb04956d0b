import type { Queryable } from "../../db.ts";
import { listTopics } from "../../store/topics.ts";

/** Names of all topics, and whether the broker keeps one from being served. */
export async function listTopicsForOperator(db: Queryable): Promise<{ name: string; faulty: boolean }[]> {
  return (await listTopics(db)).map(({ name, faultCode }) => ({ name, faulty: faultCode !== null }));
}
