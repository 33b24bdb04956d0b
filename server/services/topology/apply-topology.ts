import { inTransaction, type Pool, type Queryable } from "../../db.ts";
import type { OutboxSourceSpec } from "../../domain/outbox-source.ts";
import { topicsOf } from "../../domain/subscription.ts";
import { upsertApp } from "../../store/apps.ts";
import { appendAudit } from "../../store/audit.ts";
import { changeOutboxSource, insertOutboxSource } from "../../store/outbox-sources.ts";
import { changeSubscription, findSubscription } from "../../store/subscriptions.ts";
import { upsertTopic } from "../../store/topics.ts";
import { noSuchApp, writeNew } from "../subscriptions/declare-subscription.ts";
import { declareOwnTopics } from "../subscriptions/own-topics.ts";
import type { BrokerTopics } from "./broker-topics.ts";
import { type PlanItem, planTopology } from "./plan-topology.ts";
import { readPresent } from "./read-present.ts";
import type { Present, Topology } from "./topology.ts";

export interface AppliedItem {
  item: PlanItem;
  outcome: "done" | "unchanged" | "failed" | "left_out";
  /** With `failed` and `left_out`: why. */
  reason?: string;
}

export type ApplyResult =
  | { kind: "planned"; plan: PlanItem[] }
  /** Something in the file cannot be done, so nothing was. */
  | { kind: "refused"; plan: PlanItem[] }
  | { kind: "applied"; items: AppliedItem[]; complete: boolean };

export interface ApplyOptions {
  db: Pool;
  broker: BrokerTopics;
  /** Shown in the audit log, e.g. `cli:deploy`. */
  actorName: string;
  dryRun?: boolean;
}

/**
 * Makes a topology true, item by item: each change stands for itself, together with its entry in the audit log. When
 * one fails the others still go on, and applying again does what is left: every item is idempotent.
 */
export async function applyTopology(wanted: Topology, options: ApplyOptions): Promise<ApplyResult> {
  const own = (wanted.subscriptions ?? []).flatMap((one) => Object.values(topicsOf(one)));
  const names = [...wanted.topics.map((topic) => topic.name), ...own.filter((name) => name !== null)];
  const present = await readPresent(options.db, options.broker, names);
  const plan = planTopology(wanted, present);
  if (plan.some((item) => item.action === "impossible")) return { kind: "refused", plan };
  if (options.dryRun) return { kind: "planned", plan };

  const items: AppliedItem[] = [];
  const notInBroker = new Set<string>();
  for (const item of plan) {
    if (item.action === "unchanged") items.push({ item, outcome: "unchanged" });
    else if (needsOf(item).some((name) => notInBroker.has(name)))
      items.push({ item, outcome: "left_out", reason: "the broker does not have it as declared" });
    else {
      const failure = await attempt(() => carryOut(item, present, options));
      items.push(failure ? { item, outcome: "failed", reason: failure } : { item, outcome: "done" });
      if (failure && item.kind === "broker_topic") notInBroker.add(item.name);
    }
  }
  return { kind: "applied", items, complete: items.every((i) => i.outcome !== "failed") };
}

/** Topics that the broker must have before this is declared. */
function needsOf(item: PlanItem): string[] {
  if (item.kind === "topic") return [item.name];
  if (item.kind !== "subscription") return [];
  return [item.spec.topic, ...Object.values(topicsOf(item.spec)).filter((name) => name !== null)];
}

async function carryOut(item: PlanItem, present: Present, options: ApplyOptions): Promise<void> {
  if (item.kind === "broker_topic") {
    await options.broker.ensure(item.name, item.spec.partitions);
    // The broker is no part of the transaction: a crash here leaves the change without its entry, never the reverse.
    await audit(options.db, item, partitionsOf(present, item.name), options.actorName);
    return;
  }
  await inTransaction(options.db, async (tx) => {
    if (item.kind === "app") await upsertApp(tx, item.spec);
    else if (item.kind === "topic") await upsertTopic(tx, item.spec);
    else if (item.kind === "subscription") await upsertSubscription(tx, item);
    else await upsertSource(tx, item.spec);
    await audit(tx, item, declaredBefore(present, item), options.actorName);
  });
}

function declaredBefore(present: Present, { kind, name }: PlanItem): unknown {
  if (kind === "app") return present.apps.get(name);
  if (kind === "subscription") return present.subscriptions?.get(name);
  return kind === "topic" ? present.topics.get(name) : present.outboxSources?.get(name);
}

async function upsertSubscription(
  tx: Queryable,
  { spec, partitions }: Extract<PlanItem, { kind: "subscription" }>,
): Promise<void> {
  if ((await findSubscription(tx, spec.topic, spec.name)) === null) return writeNew(tx, spec, partitions);
  const done = await changeSubscription(tx, spec, await declareOwnTopics(tx, spec, partitions), null);
  if (done === "no_app") throw noSuchApp(spec.app);
  if (done === "stale") throw new Error(`subscription ${spec.name} was changed meanwhile; apply again`);
}

async function upsertSource(db: Queryable, spec: OutboxSourceSpec): Promise<void> {
  const made = await insertOutboxSource(db, spec);
  const done = made === "taken" ? await changeOutboxSource(db, spec, null) : made;
  if (done === "no_app") throw new Error(`there is no app ${spec.app}`);
}

function partitionsOf(present: Present, name: string): { partitions: number } | undefined {
  const partitions = present.brokerTopics.get(name);
  return partitions === undefined ? undefined : { partitions };
}

async function audit(db: Queryable, item: PlanItem, before: unknown, actorName: string): Promise<void> {
  await appendAudit(db, {
    actorId: null,
    actorName,
    action: `${item.kind}.${item.action}`,
    targetKind: item.kind,
    targetId: item.name,
    before,
    after: item.kind === "broker_topic" ? { partitions: item.spec.partitions } : item.spec,
  });
}

async function attempt(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
