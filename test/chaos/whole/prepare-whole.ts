import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "../../../local/ports.ts";
import { signingSecret, webhookSecret } from "../../../server/auth/signing-secret.ts";
import { projectRoot } from "../../../server/config/project-root.ts";
import { NO_CHECK_SETTINGS } from "../../../server/domain/check-policy.ts";
import { topicsOf } from "../../../server/domain/subscription.ts";
import { createApiKey } from "../../../server/services/api-keys/create-api-key.ts";
import { upsertApp } from "../../../server/store/apps.ts";
import { barrierDdl } from "../../sdk/business-tables.ts";
import { serveChecks } from "../../sdk/kill/check-by-hand.ts";
import { subscribe } from "../../support/subscriptions.ts";
import type { Role } from "../fleet.ts";
import { type ChaosSite, makeTopics } from "../site.ts";
import { WHOLE_TABLES } from "./business-tables.ts";
import { wholeSubscriptions } from "./subscriptions.ts";

/** What runs, and where the judge looks. */
export interface Whole {
  business: pg.Pool;
  apiUrl: string;
  /** By the name of the process. */
  roles: Record<string, Role>;
  /** Of the subscriptions' own topics. */
  topics: { retry: string[]; deadLetter: string[] };
  stop(): Promise<void>;
}

export interface Crew {
  relays: number;
  consumers: number;
  /** Transactions per second of each of the producers. */
  perProducer: number;
  producers: number;
  leaseMs: number;
}

/** Declares apps, topics and subscriptions, makes the business's database, and says how each process is started. */
export async function prepareWhole(site: ChaosSite, crew: Crew): Promise<Whole> {
  const master = randomBytes(32).toString("hex");
  const businessUrl = await makeBusiness(site);
  const business = new pg.Pool({ connectionString: businessUrl, max: 6 });
  business.on("error", () => undefined);
  const [apiPort, receiverPort] = [await freePort(), await freePort()];
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const checks = await serveChecks(business, {
    secret: signingSecret(master, "business", 1),
    port: await freePort(),
    waitMs: 1000,
  });
  await upsertApp(site.pool, {
    name: "business",
    checkUrl: checks.url,
    checkAfterSeconds: 1,
    contact: null,
    check: { ...NO_CHECK_SETTINGS, factor: 1, maxDelaySeconds: 1, maxAttempts: 1000 },
  });
  await upsertApp(site.pool, { name: "consumers", checkUrl: null, checkAfterSeconds: null, contact: null });
  const specs = wholeSubscriptions(`http://127.0.0.1:${receiverPort}/`);
  const topics: Whole["topics"] = { retry: [], deadLetter: [] };
  for (const spec of specs) {
    const { retry, deadLetter } = topicsOf(await subscribe(site.pool, spec));
    if (retry) topics.retry.push(retry);
    if (deadLetter) topics.deadLetter.push(deadLetter);
  }
  await makeTopics(site.cluster.bootstrap, [...topics.retry, ...topics.deadLetter, "surelay.acks"]);
  const key = async (app: string, scope: "produce" | "consume") =>
    (await createApiKey(site.pool, { app, scopes: [scope], createdBy: "chaos" })).key;
  const business_ = { API_URL: apiUrl, BUSINESS_URL: businessUrl };
  const outbound = { SURELAY_SIGNING_SECRET: master, SURELAY_ALLOWED_HOSTS: "127.0.0.1" };
  const consumer: Role = {
    entry: "test/chaos/whole/consumer-process.ts",
    env: { ...business_, BROKERS: site.cluster.bootstrap, API_KEY: await key("consumers", "consume") },
  };
  const producer: Role = {
    entry: "test/chaos/whole/producer-process.ts",
    env: { ...business_, API_KEY: await key("business", "produce"), PER_SECOND: String(crew.perProducer) },
  };
  const several = (name: string, role: Role, n: number) =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`${name}-${i + 1}`, role]));
  return {
    business,
    apiUrl,
    topics,
    roles: {
      "api-1": {
        entry: "workers/api/main.ts",
        env: { SURELAY_API_PORT: String(apiPort), SURELAY_RATE_PER_KEY: "1000000" },
      },
      ...several("relay", { entry: "test/chaos/relay-main.ts" }, crew.relays),
      "confirm-1": { entry: "workers/confirm/main.ts", env: outbound },
      ...several("recover", { entry: "workers/recover/main.ts" }, 2),
      "ack-1": { entry: "workers/ack/main.ts" },
      "notify-1": { entry: "workers/notify/main.ts", env: outbound },
      ...several("consumers", consumer, crew.consumers),
      "receiver-1": {
        entry: "test/chaos/whole/receiver-process.ts",
        env: {
          ...business_,
          PORT: String(receiverPort),
          SECRET: webhookSecret(master, "orders.paid", "notices", 1),
        },
      },
      ...several("producer", producer, crew.producers),
    },
    stop: async () => {
      await checks.stop();
      await business.end();
    },
  };
}

async function makeBusiness(site: ChaosSite): Promise<string> {
  await site.pool.query("CREATE DATABASE business");
  const url = new URL(site.databaseUrl);
  url.pathname = "/business";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(barrierDdl("postgresql"));
  await client.query(
    readFileSync(join(projectRoot(), "sdk/consumer/sql/inbox.postgresql.sql"), "utf8") + WHOLE_TABLES,
  );
  await client.end();
  return url.href;
}
