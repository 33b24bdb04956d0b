import type { Queryable } from "../../db.ts";
import { readBacklogs } from "../../store/read-flow.ts";
import { readIntake } from "../../store/registry-flow.ts";
import { type TopicForOperator, readTopicRows } from "../../store/registry-rows.ts";
import { type Flow, NO_FLOW, sumFlow } from "./sum-flow.ts";

export type TopicListItem = TopicForOperator & Flow;

/** All topics by name, with what goes through them just now. */
export async function listDeclaredTopics(db: Queryable): Promise<TopicListItem[]> {
  const [topics, intake, backlogs] = await Promise.all([
    readTopicRows(db, null),
    readIntake(db),
    readBacklogs(db),
  ]);
  const flows = sumFlow("topicId", intake, backlogs);
  return topics.map((topic) => ({ ...topic, ...(flows.get(topic.id) ?? NO_FLOW) }));
}
