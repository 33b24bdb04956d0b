import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { deriveSecret, type SecretOf } from "../../server/auth/signing-secret.ts";
import { createPool, type Pool } from "../../server/db.ts";
import { OperatorError } from "../../server/errors.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import { silentLog } from "../../server/log.ts";
import { createApiKey } from "../../server/services/api-keys/create-api-key.ts";
import { applyTopology } from "../../server/services/topology/apply-topology.ts";
import { brokerTopics } from "../../server/services/topology/broker-topics.ts";
import { loadTopology } from "../../server/services/topology/load-topology.ts";
import type { Topology } from "../../server/services/topology/topology.ts";
import type { Scope } from "../../server/store/api-keys.ts";
import { readSecretRow } from "../../server/store/secret-rows.ts";
import { choosePort } from "./data-folder.ts";
import {
  type ExampleDoors,
  type ExampleKeys,
  type Surroundings,
  apiUrl,
  signingMaster,
} from "./processes.ts";

/** The app that places orders: the one that sends messages, and is asked by check-backs. */
const ORDERS = "orders";
/** The app that ships them: it says what became of each. */
const SHIPPING = "shipping";
/** The subscription whose receiver is called. */
const NOTICES = { topic: "orders.shipped", subscription: "notices" };

export const EXAMPLE_KEY_FILE = keyFileOf(ORDERS);
const ORDERS_PORT_NAME = "example-orders";
const NOTICES_PORT_NAME = "example-notices";
const ACTOR = "cli:up";
const APPLY_PATIENCE_MS = 10_000;

/**
 * Declares the example's apps, topics, subscriptions and outbox source. The services that are called listen on free ports,
 * the same as last time if they still are.
 *
 * @throws OperatorError `example_setup`
 */
export async function declareExample(around: Surroundings): Promise<ExampleDoors> {
  const declared = loadTopology(join(around.root, "examples", "shop", "topology.yaml"));
  const checkPort = await choosePort(around.folder, ORDERS_PORT_NAME, undefined, "");
  const noticesPort = await choosePort(around.folder, NOTICES_PORT_NAME, undefined, "");
  const checkUrl = `http://127.0.0.1:${checkPort}/check`;
  const apps = declared.apps.map((app) => (app.name === ORDERS ? { ...app, checkUrl } : app));
  const subscriptions = declared.subscriptions?.map((one) =>
    one.webhook ? { ...one, webhook: { ...one.webhook, url: onPort(one.webhook.url, noticesPort) } } : one,
  );
  return withPool(around, async (db) => {
    await apply(around, { ...declared, apps, ...(subscriptions && { subscriptions }) }, db);
    const secretOf = async (of: SecretOf) =>
      deriveSecret(signingMaster(around), of, (await readSecretRow(db, of))!.version);
    return {
      checkPort,
      checkSecret: await secretOf({ app: ORDERS }),
      noticesPort,
      noticesSecret: await secretOf(NOTICES),
    };
  });
}

function onPort(address: string, port: number): string {
  const url = new URL(address);
  url.port = String(port);
  return url.href;
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
 * The services' API keys, made at the first start and kept beside the data; made anew if the service does not accept them,
 * as after a change of DATABASE_URL. Needs the API running and the example's apps declared.
 */
export async function ensureExampleKeys(around: Surroundings): Promise<ExampleKeys> {
  const [orders, shipping] = await Promise.all([
    ensureKey(around, ORDERS, "produce"),
    ensureKey(around, SHIPPING, "consume"),
  ]);
  return { orders, shipping };
}

async function ensureKey(around: Surroundings, app: string, scope: Scope): Promise<string> {
  const file = keyFileOf(app);
  const kept = around.folder.read(file);
  if (kept && (await isAccepted(around, kept))) return kept;
  const made = await withPool(around, (db) =>
    createApiKey(db, { app, scopes: [scope], note: "example", createdBy: ACTOR }),
  );
  around.folder.write(file, made.key);
  return made.key;
}

function keyFileOf(app: string): string {
  return `example-${app}.key`;
}

/** Anything but "unauthorized" lets a key stand: a passing fault of the API, or a missing scope, must not replace it. */
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
