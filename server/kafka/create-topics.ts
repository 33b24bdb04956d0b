import { setTimeout as pause } from "node:timers/promises";
import type { Admin, ITopicConfig } from "kafkajs";

/** What a broker answers that has not heard of the topic yet. */
const SOON = new Set(["UNKNOWN_TOPIC_OR_PARTITION", "LEADER_NOT_AVAILABLE"]);
const LOOK_EVERY_MS = 50;

/**
 * Makes topics and waits until every partition has a leader. The client would wait as well (`waitForLeaders`), but takes the
 * "unknown topic" of a broker that is behind for final.
 *
 * @returns false if there was one of them already
 * @throws when the broker refuses; the wait itself has no end: bound it from outside
 */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<boolean> {
  const created = await admin.createTopics({ waitForLeaders: false, topics });
  const names = topics.map(({ topic }) => topic);
  while (!(await haveLeaders(admin, names))) await pause(LOOK_EVERY_MS);
  return created;
}

async function haveLeaders(admin: Admin, names: string[]): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    return topics.every(({ partitions }) => partitions.length > 0 && partitions.every((p) => p.leader >= 0));
  } catch (error) {
    if (SOON.has((error as { type?: string }).type ?? "")) return false;
    throw error;
  }
}
