import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { insertTopic } from "../../store/declare-topics.ts";
import { findTopic } from "../../store/topics.ts";
import type { TopicSpec } from "../topology/topology.ts";
import { type Acting, entryOf } from "./acting.ts";
import { ensureInBroker } from "./ensure-in-broker.ts";
import type { ConsoleBroker } from "./require-broker.ts";

/**
 * Declares a new topic and makes it in Kafka first, as `apply` does: intake takes its messages once the store knows it,
 * so it must be there to be relayed to. One that Kafka has already is taken over, with more partitions if declared so.
 *
 * @throws SurelayError `id_conflict` | `validation_failed` (Kafka has more partitions) | `unavailable`
 */
export async function createTopic(
  db: Pool,
  broker: ConsoleBroker | null,
  spec: TopicSpec,
  by: Acting,
): Promise<void> {
  if ((await findTopic(db, spec.name)) !== null) throw declaredAlready(spec.name);
  await ensureInBroker(db, broker, spec, by);
  await inTransaction(db, async (tx) => {
    if (!(await insertTopic(tx, spec))) throw declaredAlready(spec.name);
    await appendAudit(
      tx,
      entryOf(by, { action: "topic.create", targetKind: "topic", targetId: spec.name, after: spec }),
    );
  });
}

function declaredAlready(name: string): SurelayError {
  return new SurelayError("id_conflict", `There is a topic ${JSON.stringify(name)} already.`);
}
