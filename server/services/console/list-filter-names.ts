import type { Queryable } from "../../db.ts";
import { listApps } from "../../store/apps.ts";
import { listTopics } from "../../store/topics.ts";

export interface FilterNames {
  apps: string[];
  /** `faulty`: the broker keeps it from being served. */
  topics: { name: string; faulty: boolean }[];
}

/** Names that messages may be filtered by. There are as many as somebody declared: hundreds, not millions. */
export async function listFilterNames(db: Queryable): Promise<FilterNames> {
  const [apps, topics] = await Promise.all([listApps(db), listTopics(db)]);
  return {
    apps: apps.map(({ name }) => name),
    topics: topics.map(({ name, faultCode }) => ({ name, faulty: faultCode !== null })),
  };
}
