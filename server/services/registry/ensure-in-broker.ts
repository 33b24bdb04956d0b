import type { Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { judgePartitions } from "../topology/plan-topology.ts";
import { type Acting, entryOf } from "./acting.ts";
import { type ConsoleBroker, askingBroker, requireBroker } from "./require-broker.ts";

/** What Kafka has of a topic, and what declaring it with so many partitions would do there. */
export interface BrokerPlan {
  action: "create" | "change" | "unchanged" | "impossible";
  /** Partitions that Kafka has; null: it does not have the topic. */
  present: number | null;
}

/** Asks, and changes nothing. @throws SurelayError `unavailable` */
export async function planInBroker(
  broker: ConsoleBroker | null,
  spec: { name: string; partitions: number },
): Promise<BrokerPlan> {
  const { topics } = requireBroker(broker);
  const present = (await askingBroker(() => topics.partitionsOf([spec.name]))).get(spec.name);
  return { action: judgePartitions(spec.partitions, present), present: present ?? null };
}

/**
 * Makes a topic in Kafka or raises its partitions, as declared; nothing when it is there so. The broker is no part of a
 * transaction of the store: a crash in between leaves a change without its entry in the audit log, never the reverse.
 *
 * @throws SurelayError `validation_failed`: Kafka has more partitions and takes none away | `unavailable`
 */
export async function ensureInBroker(
  db: Pool,
  broker: ConsoleBroker | null,
  spec: { name: string; partitions: number },
  by: Acting,
): Promise<BrokerPlan> {
  const plan = await planInBroker(broker, spec);
  if (plan.action === "unchanged") return plan;
  if (plan.action === "impossible")
    throw new SurelayError(
      "validation_failed",
      `Kafka has ${plan.present} partitions of this topic and cannot take partitions away. Declare ${plan.present}, or another topic.`,
    );
  const { name, partitions } = spec;
  await askingBroker(() => requireBroker(broker).topics.ensure(name, partitions));
  await appendAudit(
    db,
    entryOf(by, {
      action: `broker_topic.${plan.action}`,
      targetKind: "broker_topic",
      targetId: name,
      before: plan.present === null ? undefined : { partitions: plan.present },
      after: { partitions },
    }),
  );
  return plan;
}
