import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "../../../server/db.ts";
import { actOnDeliveries } from "../../../server/services/deliveries/act-on-deliveries.ts";
import { resetValve } from "../../../server/services/deliveries/reset-valve.ts";
import type { Acting } from "../../../server/services/registry/acting.ts";
import { fateOf, isDeadly } from "./fate.ts";

export interface Drained {
  /** What was still on its way when patience was at its end; empty: nothing. */
  left: Record<string, number>;
  /** Deliveries that had used up their attempts while something was away, and were redriven by the operator. */
  redriven: number;
}

/**
 * What is on its way; `dead` are those that wait for an operator. A message of a plain producer that was only prepared waits
 * for its producer, for ever. A dead delivery keeps its message from being CONSUMED.
 */
const ON_THE_WAY = `
  SELECT (SELECT count(*) FROM message_state WHERE state = 'READY')::int AS ready,
    (SELECT count(*) FROM message_state s JOIN app a ON a.id = s.app_id
     WHERE s.state IN ('PREPARED', 'UNDECIDED') AND a.check_url IS NOT NULL)::int AS prepared,
    (SELECT count(*) FROM resend)::int AS resends,
    (SELECT count(*) FROM delivery WHERE state IN ('PENDING', 'WAITING'))::int AS deliveries,
    (SELECT count(*) FROM message_state s WHERE state = 'SENT' AND NOT EXISTS (
       SELECT FROM delivery d WHERE d.message_id = s.id AND d.state = 'DEAD'))::int AS "notConsumed"`;

const BY: Acting = {
  actor: { id: "chaos", username: "chaos" },
  from: { ip: undefined, userAgent: undefined },
  reason: "the run is over",
};

/** An operator who resets valves and redrives what only died of the faults, until nothing is on its way any more. */
export async function drainWhole(db: Pool, patienceMs: number): Promise<Drained> {
  const deadline = performance.now() + patienceMs;
  const redriven = new Set<string>();
  for (;;) {
    const [left, died] = await Promise.all([onTheWay(db), redriveInnocent(db)]).catch(
      (): [Record<string, number>, string[]] => [{ unreachable: 1 }, []],
    );
    for (const one of died) redriven.add(one);
    const over = Object.values(left).every((n) => n === 0) && died.length === 0;
    if (over || performance.now() > deadline) return { left: over ? {} : left, redriven: redriven.size };
    await openValves(db).catch(() => undefined);
    await sleep(300);
  }
}

async function onTheWay(db: Pool): Promise<Record<string, number>> {
  return (await db.query<Record<string, number>>(ON_THE_WAY)).rows[0]!;
}

async function redriveInnocent(db: Pool): Promise<string[]> {
  const { rows } = await db.query<{ messageId: string; subscriptionId: number; name: string }>(
    `SELECT d.message_id AS "messageId", d.subscription_id AS "subscriptionId", s.name
     FROM delivery d JOIN subscription s ON s.id = d.subscription_id WHERE d.state = 'DEAD'`,
  );
  const keys = rows.filter(({ messageId, name }) => !isDeadly(fateOf(messageId, name))).slice(0, 500);
  if (keys.length > 0) await actOnDeliveries(db, "redrive", { keys }, BY);
  return keys.map(({ messageId, name }) => `${messageId} ${name}`);
}

async function openValves(db: Pool): Promise<void> {
  const { rows } = await db.query<{ topic: string; subscription: string }>(
    `SELECT t.name AS topic, s.name AS subscription FROM subscription_valve v
     JOIN subscription s ON s.id = v.subscription_id JOIN topic t ON t.id = s.topic_id WHERE v.state = 'throttled'`,
  );
  for (const of of rows) await resetValve(db, of, BY);
}
