import { isDeepStrictEqual } from "node:util";
import { inTransaction, type Pool, type PoolClient } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { setTopicMasked, setTopicSchema } from "../../store/declare-topics.ts";
import { type TopicRow, findTopic } from "../../store/topics.ts";
import type { JsonObject } from "../topology/topology.ts";
import { type Acting, entryOf } from "./acting.ts";
import { type ChangedMeanwhile, changedMeanwhile } from "./changed-meanwhile.ts";

export type ChangeTopicResult = { kind: "changed" } | { kind: "unchanged" } | ChangedMeanwhile;

/** Masks or unmasks a topic's payloads and headers, if it still is as `seen` read it. @throws SurelayError `not_found` */
export function maskTopic(
  db: Pool,
  change: { name: string; masked: boolean; seen: Date },
  by: Acting,
): Promise<ChangeTopicResult> {
  const { name, masked, seen } = change;
  return changeField(db, name, "masked", masked, by, (tx) => setTopicMasked(tx, name, masked, seen));
}

/** Sets or takes away a topic's schema, which compiles already; as `maskTopic`. */
export function changeSchema(
  db: Pool,
  change: { name: string; schema: JsonObject | null; seen: Date },
  by: Acting,
): Promise<ChangeTopicResult> {
  const { name, schema, seen } = change;
  return changeField(db, name, "schema", schema, by, (tx) => setTopicSchema(tx, name, schema, seen));
}

function changeField<F extends "masked" | "schema">(
  db: Pool,
  name: string,
  field: F,
  value: TopicRow[F],
  by: Acting,
  write: (tx: PoolClient) => Promise<boolean>,
): Promise<ChangeTopicResult> {
  return inTransaction(db, async (tx) => {
    const now = await findTopic(tx, name);
    if (now === null) throw new SurelayError("not_found", `There is no topic ${JSON.stringify(name)}.`);
    if (isDeepStrictEqual(now[field], value)) return { kind: "unchanged" };
    if (!(await write(tx))) return changedMeanwhile(tx, "topic", name);
    await appendAudit(
      tx,
      entryOf(by, {
        action: "topic.change",
        targetKind: "topic",
        targetId: name,
        before: { [field]: now[field] },
        after: { [field]: value },
      }),
    );
    return { kind: "changed" };
  });
}
