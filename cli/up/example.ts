import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createPool, type Pool } from "../../server/db.ts";
import { OperatorError } from "../../server/errors.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import { silentLog } from "../../server/log.ts";
import { createApiKey } from "../../server/services/api-keys/create-api-key.ts";
import { applyTopology } from "../../server/services/topology/apply-topology.ts";
import { brokerTopics } from "../../server/services/topology/broker-topics.ts";
import { loadTopology } from "../../server/services/topology/load-topology.ts";
import { type Surroundings, apiUrl } from "./processes.ts";

const SCOPES = { orders: ["produce"], shipping: ["produce", "consume"] } as const;
type App = keyof typeof SCOPES;

export const EXAMPLE_KEY_FILE = "example-orders.key";
const ACTOR = "cli:up";
const APPLY_PATIENCE_MS = 10_000;

/**
 * Declares the example's apps and topics. Tried again for a while: a broker that has only just started may refuse to
 * make a topic, and applying again does what is left.
 *
 * @throws OperatorError `example_setup`
 */
export async function applyExample(around: Surroundings): Promise<void> {
  const wanted = loadTopology(join(around.root, "examples", "shop", "topology.yaml"));
  const kafka = createRelayKafka({
    brokers: around.brokers.split(","),
    clientId: "surelay-up",
    log: silentLog,
  });
  try {
    await withPool(around, async (db) => {
      const deadline = performance.now() + APPLY_PATIENCE_MS;
      for (;;) {
        const result = await applyTopology(wanted, {
          db,
          broker: brokerTopics(kafka, around.config),
          actorName: ACTOR,
        });
        if (result.kind === "applied" && result.complete) return;
        if (result.kind !== "applied" || performance.now() > deadline) throw setupFault(result);
        await sleep(500);
      }
    });
  } finally {
    await kafka.close();
  }
}

function setupFault(result: Awaited<ReturnType<typeof applyTopology>>): OperatorError {
  const reasons =
    result.kind === "applied"
      ? result.items.flatMap(({ item, reason }) => (reason ? [`${item.name}: ${reason}`] : []))
      : result.plan.flatMap((item) =>
          item.action === "impossible" ? [`${item.name}: ${item.note ?? "impossible"}`] : [],
        );
  return new OperatorError(
    "example_setup",
    `The example's topics could not be made: ${reasons.join("; ")}. Start without the example (--no-example), or mend the reason.`,
  );
}

/**
 * The example's API keys, made at the first start and kept beside the data; made anew if the service does not accept
 * them, as after a change of DATABASE_URL. Needs the API running and the example's apps declared.
 */
export async function ensureExampleKeys(around: Surroundings): Promise<Record<App, string>> {
  return { orders: await ensureKey(around, "orders"), shipping: await ensureKey(around, "shipping") };
}

async function ensureKey(around: Surroundings, app: App): Promise<string> {
  const file = `example-${app}.key`;
  const kept = around.folder.read(file);
  if (kept && (await isAccepted(around, kept))) return kept;
  const made = await withPool(around, (db) =>
    createApiKey(db, { app, scopes: SCOPES[app], note: "example", createdBy: ACTOR }),
  );
  around.folder.write(file, made.key);
  return made.key;
}

/** Anything but "unauthorized" lets a key stand: a passing fault of the API must not replace it. */
async function isAccepted(around: Surroundings, key: string): Promise<boolean> {
  const response = await fetch(`${apiUrl(around.config)}/v1/messages?businessKey=-`, {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(10_000),
  });
  await response.arrayBuffer();
  return response.status !== 401;
}

async function withPool<T>(around: Surroundings, work: (db: Pool) => Promise<T>): Promise<T> {
  const pool = createPool({ url: around.databaseUrl, max: 2, name: "up", log: silentLog });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
