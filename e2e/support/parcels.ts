import { expect } from "@playwright/test";
import type pg from "pg";
import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { discardDeliveries } from "../../server/store/operate-deliveries.ts";
import type { Sent } from "./producer.ts";
import { Producer } from "./producer.ts";
import type { Stack } from "./stack.ts";

/** The topic and the subscription of e2e/support/topology.yaml whose deliveries stand still until somebody moves them. */
export const PARCELS = "parcels.shipped";
export const TRACKING = "tracking";

/** What a consumer says of a message. */
export interface Said {
  outcome: "acked" | "retry" | "rejected";
  error?: { type: string; message: string; stack?: string };
}

export const NO_WEIGHT: Said = {
  outcome: "rejected",
  error: {
    type: "ValidationError",
    message: 'parcel "P-1": weightGrams must be a positive integer, got 0',
    stack:
      "ValidationError: weightGrams must be a positive integer\n    at weigh (/srv/tracking/weigh.js:18:11)\n    at handle (/srv/tracking/handle.js:7:3)",
  },
};
export const CARRIER_AWAY: Said = {
  outcome: "retry",
  error: {
    type: "CarrierUnavailable",
    message: "carrier api.carrier.example:443 answered 503 after 5012 ms",
  },
};

interface Tools {
  stack: Stack;
  database: pg.Client;
}

/** A consumer of the parcels that says through the public API what became of them. */
export async function say(
  { stack }: Pick<Tools, "stack">,
  ids: readonly string[],
  said: Said,
): Promise<void> {
  const items = ids.map((messageId) => ({ messageId, subscription: TRACKING, ...said }));
  const response = await fetch(`${stack.apiUrl}/v1/acks`, {
    method: "POST",
    headers: { authorization: `Bearer ${stack.keys.consumer}`, "content-type": "application/json" },
    body: JSON.stringify({ items }),
  });
  const { results } = (await response.json()) as { results: { state?: string; error?: object }[] };
  const refused = results.find((result) => result.error !== undefined);
  if (!response.ok || refused !== undefined) throw new Error(`acks: ${JSON.stringify(refused ?? results)}`);
}

/** Parcels that are in Kafka and with their consumer. @returns ids in the order sent */
export async function sendParcels(tools: Tools, count: number, weightGrams = 0): Promise<string[]> {
  const sent: Sent[] = await new Producer(tools.stack).sendMany(count, (n) => ({
    topic: PARCELS,
    key: `parcel-${n}`,
    type: "shop.parcel.shipped",
    businessKey: `P-2026-${String(700 + n)}`,
    headers: { carrier: "north" },
    payload: { parcel: `P-${n + 1}`, weightGrams, to: { city: "Tromsø", street: "Storgata 5" } },
  }));
  const ids = sent.map(({ id }) => id);
  await untilDelivered(tools, ids, "PENDING");
  return ids;
}

/** Waits until so many deliveries of these messages stand in a state. */
export async function untilDelivered(
  { database }: Tools,
  ids: readonly string[],
  state: string,
): Promise<void> {
  await expect
    .poll(async () => {
      const { rows } = await database.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM delivery WHERE message_id = ANY($1::uuid[]) AND state::text = $2",
        [ids, state],
      );
      return rows[0]!.n;
    })
    .toBe(ids.length);
}

/** Parcels that their consumer rejected, or failed on. @returns ids in the order sent */
export async function leaveParcels(tools: Tools, count: number, said: Said): Promise<string[]> {
  const ids = await sendParcels(tools, count);
  for (const [n, id] of ids.entries()) {
    const { error } = said;
    const message = error?.message.replace("P-1", `P-${n + 1}`);
    await say(tools, [id], { ...said, ...(error && message && { error: { ...error, message } }) });
  }
  return ids;
}

/** Takes back what is open at the subscription, and what is known of its failures. */
export async function clearParcels({ stack, database }: Tools): Promise<void> {
  const pool = createPool({ url: stack.databaseUrl, max: 1, name: "e2e", log: silentLog });
  try {
    const { rows } = await pool.query<{ messageId: string; subscriptionId: number }>(
      `SELECT d.message_id AS "messageId", d.subscription_id AS "subscriptionId" FROM delivery d
       JOIN subscription x ON x.id = d.subscription_id JOIN topic t ON t.id = x.topic_id
       WHERE t.name = $1 AND d.state IN ('PENDING', 'WAITING', 'DEAD')`,
      [PARCELS],
    );
    await discardDeliveries(pool, rows, { operator: "e2e", reason: "cleared" });
    await database.query(
      `DELETE FROM failure_group g USING subscription x JOIN topic t ON t.id = x.topic_id
       WHERE g.subscription_id = x.id AND t.name = $1`,
      [PARCELS],
    );
    // Many failures of a test are no reason to hold the next one's redeliveries back.
    await database.query(
      `UPDATE subscription_valve v SET state = 'open', since = now(), probe_at = NULL, trips = 0, version = v.version + 1
       FROM subscription x WHERE x.id = v.subscription_id AND x.name = $1 AND v.state <> 'open'`,
      [TRACKING],
    );
  } finally {
    await pool.end();
  }
}
