import type { Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { findTopic } from "../../store/topics.ts";
import type { Acting } from "./acting.ts";
import { type BrokerPlan, ensureInBroker } from "./ensure-in-broker.ts";
import type { ConsoleBroker } from "./require-broker.ts";

/**
 * Makes in Kafka what is declared here, after somebody removed it there or before anybody made it. What the relay holds
 * for the topic goes on by itself.
 *
 * @throws SurelayError `not_found` | `validation_failed` (Kafka has more partitions) | `unavailable`
 */
export async function mendTopic(
  db: Pool,
  broker: ConsoleBroker | null,
  name: string,
  by: Acting,
): Promise<BrokerPlan> {
  const topic = await findTopic(db, name);
  if (topic === null) throw new SurelayError("not_found", `There is no topic ${JSON.stringify(name)}.`);
  return ensureInBroker(db, broker, { name, partitions: topic.partitions }, by);
}
