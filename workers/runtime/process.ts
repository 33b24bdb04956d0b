import { hostname } from "node:os";
import type { Registry } from "prom-client";
import { type Config, readConfig } from "../../server/config/config.ts";
import { projectVersion } from "../../server/config/project-root.ts";
import { createPool, type Pool } from "../../server/db.ts";
import { OperatorError } from "../../server/errors.ts";
import { createLog, type Log } from "../../server/log.ts";
import { createMetrics } from "../../server/metrics.ts";
import { markWorkerStopped, reportWorker } from "../../server/store/workers.ts";
import { startTracing } from "../../server/tracing.ts";
import { type Readiness, startHealthServer } from "./health-server.ts";
import { runLoop } from "./loop.ts";

/** What a worker is given to work with. */
export interface ProcessContext {
  kind: string;
  /** Stable name of this replica. */
  instance: string;
  config: Config;
  /** DATABASE_URL, which every worker needs. */
  databaseUrl: string;
  /** For everything that is not a hot statement. */
  pool: Pool;
  log: Log;
  metrics: Registry;
  /** Aborts when the process is asked to stop. */
  signal: AbortSignal;
  /** Call after each pass: shown as the last tick. */
  tick: () => void;
  /** Shown beside the heartbeat; replaced whole. */
  report: (detail: Record<string, unknown>) => void;
}

export interface RunningWorker {
  /** Finishes the work in hand and gives back what is held. Called once, with a deadline over it. */
  stop(): Promise<void>;
  readiness(): Promise<Readiness>;
  /** Set by processes with a server of their own, which then serve health and metrics there. */
  ownHealth?: boolean;
  /** Resolves or rejects when the worker ends by itself, which is a fault. */
  ended?: Promise<void>;
}

/**
 * The frame of every process: configuration, log, metrics, traces, heartbeat, health server, signals. Starts in order,
 * stops in reverse within SURELAY_STOP_TIMEOUT_MS; a second signal ends at once. Never returns.
 */
export async function runProcess(
  kind: string,
  start: (ctx: ProcessContext) => Promise<RunningWorker>,
): Promise<never> {
  let log: Log = createLog(kind, "info");
  try {
    const config = readConfig(process.env);
    log = createLog(kind, config.SURELAY_LOG_LEVEL);
    await runStarted(kind, config, log, start);
    process.exit(0);
  } catch (error) {
    if (error instanceof OperatorError) log.fatal({ code: error.code }, error.message);
    else log.fatal({ err: error }, "the process failed");
    process.exit(1);
  }
}

async function runStarted(
  kind: string,
  config: Config,
  log: Log,
  start: (ctx: ProcessContext) => Promise<RunningWorker>,
): Promise<void> {
  if (!config.DATABASE_URL)
    throw new OperatorError(
      "database_url_missing",
      "DATABASE_URL is not set: name the PostgreSQL database of the service, such as postgresql://user:password@host:5432/surelay.",
    );
  const stopping = new AbortController();
  const asked = stopRequest(stopping, log);
  const version = projectVersion();
  const tracing = startTracing(config, kind, version);
  const metrics = createMetrics(kind);
  const pool = createPool({ url: config.DATABASE_URL, max: config.SURELAY_DB_POOL, name: kind, log });
  const heartbeat = { lastTickAt: null as Date | null, detail: {} as Record<string, unknown> };
  const identity = {
    kind,
    name: config.SURELAY_INSTANCE,
    host: hostname(),
    pid: process.pid,
    version,
    startedAt: new Date(),
  };
  const ctx: ProcessContext = {
    kind,
    instance: config.SURELAY_INSTANCE,
    config,
    databaseUrl: config.DATABASE_URL,
    pool,
    log,
    metrics,
    signal: stopping.signal,
    tick: () => (heartbeat.lastTickAt = new Date()),
    report: (detail) => (heartbeat.detail = detail),
  };
  const worker = await start(ctx);
  const health = worker.ownHealth
    ? null
    : await startHealthServer({
        host: config.SURELAY_HOST,
        port: config.SURELAY_WORKER_PORT,
        metrics,
        readiness: () => worker.readiness(),
      });
  const beating = runLoop({
    name: "heartbeat",
    pollMs: config.SURELAY_HEARTBEAT_MS,
    signal: stopping.signal,
    log,
    runOnce: async () => {
      await reportWorker(pool, {
        ...identity,
        ...heartbeat,
        detail: { ...heartbeat.detail, healthPort: health?.port },
      });
      return false;
    },
  });
  log.info({ instance: config.SURELAY_INSTANCE, healthPort: health?.port, version }, "started");

  await Promise.race([asked, worker.ended ?? new Promise<never>(() => undefined)]);
  stopping.abort();
  await withDeadline(config.SURELAY_STOP_TIMEOUT_MS, log, async () => {
    await worker.stop();
    await beating;
    await markWorkerStopped(pool, kind, identity.name, process.pid).catch((err: unknown) =>
      log.warn({ err }, "the stop could not be recorded"),
    );
    await health?.stop();
    await pool.end();
    await tracing.stop();
  });
  log.info("stopped");
}

/** Resolves at the first SIGTERM, SIGINT or SIGHUP; at the second the process ends at once. */
function stopRequest(stopping: AbortController, log: Log): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      process.on(name, () => {
        if (stopping.signal.aborted) {
          log.warn({ signal: name }, "asked to stop twice: ending at once");
          process.exit(1);
        }
        log.info({ signal: name }, "stopping");
        stopping.abort();
        resolve();
      });
    }
  });
}

async function withDeadline(ms: number, log: Log, work: () => Promise<void>): Promise<void> {
  const timer = setTimeout(() => {
    log.error({ ms }, "the stop did not end in time");
    process.exit(1);
  }, ms);
  await work();
  clearTimeout(timer);
}
