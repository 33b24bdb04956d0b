import { resolve } from "node:path";
import { OperatorError } from "../server/errors.ts";
import { createRelayKafka } from "../server/kafka/kafkajs-relay-kafka.ts";
import { silentLog } from "../server/log.ts";
import { type AppliedItem, applyTopology } from "../server/services/topology/apply-topology.ts";
import { brokerTopics } from "../server/services/topology/broker-topics.ts";
import { loadTopology } from "../server/services/topology/load-topology.ts";
import type { PlanItem } from "../server/services/topology/plan-topology.ts";
import { formatTable } from "./print-table.ts";
import { kafkaBrokersOf, withTarget } from "./target.ts";

/** @throws OperatorError `topology_invalid`, `topology_impossible`, `topology_incomplete`, `broker_trouble` … */
export async function runApply(options: { file: string; dryRun?: boolean }): Promise<void> {
  const wanted = loadTopology(resolve(options.file));
  await withTarget(async ({ config, pool, actorName }) => {
    const kafka = createRelayKafka({
      brokers: kafkaBrokersOf(config),
      clientId: "surelay-apply",
      log: silentLog,
    });
    try {
      const result = await applyTopology(wanted, {
        db: pool,
        broker: brokerTopics(kafka, config),
        actorName,
        dryRun: options.dryRun,
      });
      if (result.kind === "applied") reportApplied(result.items);
      else reportPlan(result.plan, result.kind === "refused");
    } finally {
      await kafka.close();
    }
  });
}

const KIND = {
  app: "app",
  topic: "topic",
  broker_topic: "topic in Kafka",
  subscription: "subscription",
  outbox_source: "outbox source",
} as const;

function reportPlan(plan: PlanItem[], refused: boolean): void {
  console.log(formatTable(plan.map((item) => [KIND[item.kind], item.name, item.action, detailOf(item)])));
  if (refused)
    throw new OperatorError("topology_impossible", "Part of this cannot be done, so nothing was changed.");
  const count = (action: string) => plan.filter((item) => item.action === action).length;
  console.log(
    `\n${count("create")} to create, ${count("change")} to change, ${count("unchanged")} unchanged. Nothing was done (--dry-run).`,
  );
}

const DONE = {
  create: "created",
  change: "changed",
  unchanged: "unchanged",
  impossible: "impossible",
} as const;

function reportApplied(items: AppliedItem[]): void {
  const word = ({ item, outcome }: AppliedItem) =>
    outcome === "done" ? DONE[item.action] : outcome.replace("_", " ");
  console.log(
    formatTable(
      items.map((applied) => [
        KIND[applied.item.kind],
        applied.item.name,
        word(applied),
        applied.reason ?? detailOf(applied.item),
      ]),
    ),
  );
  const open = items.filter(({ outcome }) => outcome === "failed" || outcome === "left_out").length;
  if (open > 0)
    throw new OperatorError(
      "topology_incomplete",
      `${open} of ${items.length} could not be done; the others are. Mend the reason and apply again.`,
    );
}

function detailOf(item: PlanItem): string {
  const changes = item.changes.map(({ field, from, to }) =>
    from === null ? `${field} ${to}` : `${field} ${from} → ${to}`,
  );
  return [...changes, ...(item.note ? [item.note] : [])].join("; ");
}
