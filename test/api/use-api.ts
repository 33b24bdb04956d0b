import { afterAll, beforeAll } from "vitest";
import { ApiKeys } from "../../server/auth/api-keys.ts";
import { readConfig } from "../../server/config/config.ts";
import { createPool, type Pool } from "../../server/db.ts";
import { createApiServer } from "../../server/http/api-server.ts";
import { silentLog } from "../../server/log.ts";
import { createMetrics } from "../../server/metrics.ts";
import { createApiKey } from "../../server/services/api-keys/create-api-key.ts";
import { Acks } from "../../server/services/acks/acks.ts";
import { createIntakeStore, type IntakeStore } from "../../server/services/intake/intake-store.ts";
import { Intake } from "../../server/services/intake/intake.ts";
import type { Scope } from "../../server/store/api-keys.ts";
import { storeReadiness } from "../../workers/api/store-readiness.ts";
import { type TestDatabase, useDatabase } from "../support/database.ts";
import { declare } from "../support/messages.ts";
import { ApiClient } from "./api-client.ts";

export interface TestApi {
  database: TestDatabase;
  port: number;
  /** With a key of the app `orders`, scope `produce`. */
  client: ApiClient;
  intake: Intake;
  makeKey(options?: {
    app?: string;
    scopes?: Scope[];
    ratePerSecond?: number;
  }): Promise<{ id: string; key: string }>;
}

/**
 * The API in this process, over real PostgreSQL and real HTTP, with an app `orders` and a topic `orders.created`.
 * Filled before the first test of the file.
 *
 * @param settings environment of the API; @param wrap a store in front of the real one, to hold it up
 */
export function useApi(
  settings: Record<string, string> = {},
  wrap: (store: IntakeStore) => IntakeStore = (store) => store,
): TestApi {
  const database = useDatabase();
  const api = { database } as TestApi;
  const running = {} as { stop: () => Promise<void> };
  beforeAll(async () => {
    const config = readConfig({ DATABASE_URL: database.url, ...settings });
    const metrics = createMetrics("api");
    const log = silentLog;
    const hot: Pool = createPool({
      url: database.url,
      max: 5,
      name: "api hot",
      log,
      hot: true,
      statementTimeoutMs: config.SURELAY_INTAKE_TIMEOUT_MS,
    });
    const store = wrap(createIntakeStore(hot, log));
    const intake = new Intake({ config, store, db: database.pool, lanes: 4, metrics, log });
    const acks = new Acks({ config, pool: hot, metrics, log });
    const keys = new ApiKeys({
      db: database.pool,
      log,
      cacheSeconds: config.SURELAY_KEY_CACHE_SECONDS,
      ratePerSecond: config.SURELAY_RATE_PER_KEY,
    });
    const server = await createApiServer({
      intake,
      acks,
      keys,
      pool: database.pool,
      log,
      metrics,
      servesMetrics: true,
      traced: false,
      version: "0.0.0",
      readiness: storeReadiness(database.pool),
    });
    api.port = await server.listen("127.0.0.1", 0);
    api.intake = intake;
    await declare(database.pool, { app: "orders", topic: "orders.created" });
    api.makeKey = ({ app = "orders", scopes = ["produce"] as Scope[], ratePerSecond } = {}) =>
      createApiKey(database.pool, { app, scopes, ratePerSecond, createdBy: "test" });
    api.client = new ApiClient(api.port, (await api.makeKey()).key);
    running.stop = async () => {
      api.client.close();
      await server.drain(5000);
      await intake.drain();
      await acks.drain();
      await keys.stop();
      await hot.end();
    };
  });
  afterAll(() => running.stop());
  return api;
}
