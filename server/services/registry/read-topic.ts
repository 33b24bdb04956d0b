import type { Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { KafkaFault } from "../../kafka/fault.ts";
import type { BrokerTopic } from "../../kafka/topic-admin.ts";
import { readBacklogs } from "../../store/read-flow.ts";
import { type Usage, readIntake, readUsage } from "../../store/registry-flow.ts";
import { type TopicForOperator, readTopicRows } from "../../store/registry-rows.ts";
import { listSubscriptions } from "../../store/subscriptions.ts";
import { findTopic } from "../../store/topics.ts";
import type { JsonObject } from "../topology/topology.ts";
import { specOf } from "../subscriptions/subscription-form.ts";
import { type WrittenTopology, writeTopology } from "../topology/write-topology.ts";
import { type ConsoleBroker, askingBroker } from "./require-broker.ts";
import { type Flow, NO_FLOW, sumFlow } from "./sum-flow.ts";

export interface TopicDetail extends TopicForOperator, Flow {
  schema: JsonObject | null;
  /** The apps that stored messages for it in the last 24 hours. */
  apps: Usage[];
  /** The same as a topology file declares it. */
  file: WrittenTopology;
}

/** @throws SurelayError `not_found` */
export async function readTopicForOperator(db: Queryable, name: string): Promise<TopicDetail> {
  const [rows, stored] = await Promise.all([readTopicRows(db, name), findTopic(db, name)]);
  const row = rows[0];
  if (!row || !stored) throw new SurelayError("not_found", `There is no topic ${JSON.stringify(name)}.`);
  const [apps, intake, backlogs, subscriptions] = await Promise.all([
    readUsage(db, { topicId: row.id }),
    readIntake(db),
    readBacklogs(db),
    listSubscriptions(db),
  ]);
  const schema = stored.schema as JsonObject | null;
  const spec = { name, partitions: row.partitions, schema, masked: row.masked };
  return {
    ...row,
    ...(sumFlow("topicId", intake, backlogs).get(row.id) ?? NO_FLOW),
    schema,
    apps,
    file: writeTopology({
      apps: [],
      topics: [spec],
      subscriptions: subscriptions.filter(({ topic }) => topic === name).map(specOf),
    }),
  };
}

/** What the broker says of a topic, or why it says nothing. */
export type BrokerView =
  | { kind: "not_asked" }
  | { kind: "no_answer"; reason: string }
  | { kind: "missing" }
  | ({ kind: "present" } & BrokerTopic);

/** Asks the broker for a declared topic. @throws SurelayError `not_found`: nobody declared it here */
export async function readTopicInBroker(
  db: Queryable,
  broker: ConsoleBroker | null,
  name: string,
): Promise<BrokerView> {
  if ((await findTopic(db, name)) === null)
    throw new SurelayError("not_found", `There is no topic ${JSON.stringify(name)}.`);
  if (broker === null) return { kind: "not_asked" };
  try {
    return await askingBroker(async () => {
      if (!(await broker.topics.partitionsOf([name])).has(name)) return { kind: "missing" };
      return { kind: "present", ...(await broker.admin.describe(name)) };
    });
  } catch (error) {
    if (error instanceof SurelayError && error.cause !== undefined)
      return { kind: "no_answer", reason: codeOf(error.cause) };
    throw error;
  }
}

function codeOf(cause: unknown): string {
  const fault = cause instanceof KafkaFault ? cause : (cause as { cause?: unknown }).cause;
  return fault instanceof KafkaFault ? fault.code : "UNKNOWN";
}
