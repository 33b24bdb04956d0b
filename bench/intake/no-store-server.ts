import { readConfig } from "../../server/config/config.ts";
import { ApiKeys } from "../../server/auth/api-keys.ts";
import { createPool } from "../../server/db.ts";
import { createApiServer } from "../../server/http/api-server.ts";
import { silentLog } from "../../server/log.ts";
import { createMetrics } from "../../server/metrics.ts";
import { Acks } from "../../server/services/acks/acks.ts";
import type { IntakeStore } from "../../server/services/intake/intake-store.ts";
import { Intake } from "../../server/services/intake/intake.ts";

/** The API as it is, with a store that keeps nothing: what HTTP, checking and coalescing cost by themselves. */
const noStore: IntakeStore = {
  store: async (kind, items) =>
    items.map((item) => ({ id: item.id, state: kind === "prepare" ? "PREPARED" : "READY", isNew: true })),
  decide: async (kind, items) =>
    items.map((item) => ({ id: item.id, state: kind === "confirm" ? "READY" : "CANCELLED" })),
};

const config = readConfig(process.env);
const log = silentLog;
const metrics = createMetrics("api");
const pool = createPool({ url: config.DATABASE_URL!, max: 2, name: "bench", log });
const server = await createApiServer({
  intake: new Intake({ config, store: noStore, db: pool, lanes: 4, metrics, log }),
  acks: new Acks({ config, pool, metrics, log }),
  keys: new ApiKeys({
    db: pool,
    log,
    cacheSeconds: config.SURELAY_KEY_CACHE_SECONDS,
    ratePerSecond: config.SURELAY_RATE_PER_KEY,
  }),
  pool,
  log,
  metrics,
  servesMetrics: true,
  traced: false,
  version: "0.0.0",
  readiness: () => Promise.resolve({ ready: true, checks: {} }),
});
await server.listen("127.0.0.1", config.SURELAY_API_PORT);
process.once("SIGTERM", () => process.exit(0));
