import { ApiKeys } from "../../server/auth/api-keys.ts";
import { projectVersion } from "../../server/config/project-root.ts";
import { createPool } from "../../server/db.ts";
import { createApiServer } from "../../server/http/api-server.ts";
import { Acks } from "../../server/services/acks/acks.ts";
import { createIntakeStore } from "../../server/services/intake/intake-store.ts";
import { Intake } from "../../server/services/intake/intake.ts";
import { laneCount } from "../../server/store/lanes.ts";
import { type Readiness, startHealthServer } from "../runtime/health-server.ts";
import type { ProcessContext, RunningWorker } from "../runtime/process.ts";
import { storeReadiness } from "./store-readiness.ts";

/** One connection for each kind of flush: a flush never waits for another kind's. */
const HOT_CONNECTIONS = 5;

/** Wires the API: pools, intake, keys, server. Stops in reverse, after everything taken is answered. */
export async function startApi(ctx: ProcessContext): Promise<RunningWorker> {
  const { config, log, metrics, pool } = ctx;
  const hot = createPool({
    url: ctx.databaseUrl,
    max: HOT_CONNECTIONS,
    name: "api intake",
    log,
    hot: true,
    statementTimeoutMs: config.SURELAY_INTAKE_TIMEOUT_MS,
  });
  const lanes = await laneCount(pool);
  const intake = new Intake({ config, store: createIntakeStore(hot, log), db: pool, lanes, metrics, log });
  const acks = new Acks({ config, pool: hot, metrics, log });
  const keys = new ApiKeys({
    db: pool,
    log,
    cacheSeconds: config.SURELAY_KEY_CACHE_SECONDS,
    ratePerSecond: config.SURELAY_RATE_PER_KEY,
  });
  const store = storeReadiness(pool);
  // Quiet: whoever sends requests here is to send them elsewhere; what comes is still served.
  const readiness = async (): Promise<Readiness> => {
    const { ready, checks } = await store();
    return ctx.isQuiet()
      ? { ready: false, checks: { ...checks, mode: "quiet: an operator wants no new work here" } }
      : { ready, checks };
  };
  const server = await createApiServer({
    intake,
    acks,
    keys,
    pool,
    log,
    metrics,
    servesMetrics: config.SURELAY_METRICS_PORT === undefined,
    traced: config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    version: projectVersion(),
    readiness,
  });
  const port = await server.listen(config.SURELAY_HOST, config.SURELAY_API_PORT);
  const health =
    config.SURELAY_METRICS_PORT === undefined
      ? null
      : await startHealthServer({
          host: config.SURELAY_HOST,
          port: config.SURELAY_METRICS_PORT,
          metrics,
          readiness,
        });
  log.info({ port, metricsPort: health?.port ?? port }, "the API listens");
  ctx.report({ port });
  ctx.tick();
  return {
    ownHealth: true,
    readiness,
    async stop() {
      await server.drain(config.SURELAY_STOP_TIMEOUT_MS / 2);
      await Promise.all([intake.drain(), acks.drain()]);
      await keys.stop();
      await health?.stop();
      await hot.end();
    },
  };
}
