import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { signingSecret } from "../../server/auth/signing-secret.ts";
import { createPool, type Pool } from "../../server/db.ts";
import { OperatorError } from "../../server/errors.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import { silentLog } from "../../server/log.ts";
import { createApiKey } from "../../server/services/api-keys/create-api-key.ts";
import { applyTopology } from "../../server/services/topology/apply-topology.ts";
import { brokerTopics } from "../../server/services/topology/broker-topics.ts";
import { loadTopology } from "../../server/services/topology/load-topology.ts";
import type { Topology } from "../../server/services/topology/topology.ts";
import { readSecretRow } from "../../server/store/secret-rows.ts";
import { choosePort } from "./data-folder.ts";
import { type Surroundings, apiUrl, signingMaster } from "./processes.ts";

/** The app that places orders: the one that calls the API, and is asked by check-backs. */
const APP = "orders";

export const EXAMPLE_KEY_FILE = `example-${APP}.key`;
const EXAMPLE_PORT_NAME = "example-orders";
const ACTOR = "cli:up";
const APPLY_PATIENCE_MS = 10_000;

/** Where the order service answers check-backs, and what it verifies them with. */
export interface ExampleChecks {
  checkPort: number;
  checkSecret: string;
}

/**
 * Declares the example's apps, topics and outbox source. The order service is to be asked on a free port, the same as
 * last time if it still is.
 *
 * @throws OperatorError `example_setup`
 */
export async function declareExample(around: Surroundings): Promise<ExampleChecks> {
  const declared = loadTopology(join(around.root, "examples", "shop", "topology.yaml"));
  const checkPort = await choosePort(around.folder, EXAMPLE_PORT_NAME, undefined, "");
  const checkUrl = `http://127.0.0.1:${checkPort}/check`;
  const apps = declared.apps.map((app) => (app.name === APP ? { ...app, checkUrl } : app));
  return withPool(around, async (db) => {
    await apply(around, { ...declared, apps }, db);
    const secret = await readSecretRow(db, { app: APP });
    return { checkPort, checkSecret: signingSecret(signingMaster(around), APP, secret!.version) };
  });
}

/** Tried again for a while: a broker that has only just started may refuse to make a topic; applying again does the rest. */
async function apply(around: Surroundings, wanted: Topology, db: Pool): Promise<void> {
  const kafka = createRelayKafka({
    brokers: around.brokers.split(","),
    clientId: "surelay-up",
    log: silentLog,
  });
  try {
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
 * The order service's API key, made at the first start and kept beside the data; made anew if the service does not accept
 * it, as after a change of DATABASE_URL. Needs the API running and the example's apps declared.
 */
export async function ensureExampleKey(around: Surroundings): Promise<string> {
  const kept = around.folder.read(EXAMPLE_KEY_FILE);
  if (kept && (await isAccepted(around, kept))) return kept;
  const made = await withPool(around, (db) =>
    createApiKey(db, { app: APP, scopes: ["produce"], note: "example", createdBy: ACTOR }),
  );
  around.folder.write(EXAMPLE_KEY_FILE, made.key);
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
