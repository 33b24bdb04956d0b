import { hostname } from "node:os";
import type { Registry } from "prom-client";
import { type Config, readConfig } from "../../server/config/config.ts";
import { projectVersion } from "../../server/config/project-root.ts";
import { createPool, type Pool } from "../../server/db.ts";
import { OperatorError } from "../../server/errors.ts";
import { createLog, type Log } from "../../server/log.ts";
import { createMetrics } from "../../server/metrics.ts";
import { startTracing } from "../../server/tracing.ts";
import { type Readiness, startHealthServer } from "./health-server.ts";
import { Heartbeat } from "./heartbeat.ts";

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
  /** Shown beside the heartbeat; replaced whole, or asked anew each time. */
  report: (detail: object | (() => object)) => void;
  /** Whether an operator wants no new work to be taken. */
  isQuiet: () => boolean;
}

export interface RunningWorker {
  /** Finishes the work in hand and gives back what is held. Called once, with a deadline over it. */
  stop(): Promise<void>;
  readiness(): Promise<Readiness>;
  /** Told when `isQuiet` changes, for workers that cannot just look at it. */
  setQuiet?(quiet: boolean): void;
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
  const stop = stopRequest(stopping, log);
  const version = projectVersion();
  const tracing = startTracing(config, kind, version);
  const metrics = createMetrics(kind);
  const pool = createPool({ url: config.DATABASE_URL, max: config.SURELAY_DB_POOL, name: kind, log });
  let worker: RunningWorker | undefined;
  const heartbeat = new Heartbeat({
    pool,
    log,
    everyMs: config.SURELAY_HEARTBEAT_MS,
    identity: {
      kind,
      name: config.SURELAY_INSTANCE,
      host: hostname(),
      pid: process.pid,
      version,
      startedAt: new Date(),
    },
    onQuiet: (quiet) => worker?.setQuiet?.(quiet),
    onStop: (by) => stop.ask({ by }),
  });
  const ctx: ProcessContext = {
    kind,
    instance: config.SURELAY_INSTANCE,
    config,
    databaseUrl: config.DATABASE_URL,
    pool,
    log,
    metrics,
    signal: stopping.signal,
    tick: () => heartbeat.tick(),
    report: (detail) => heartbeat.report(detail),
    isQuiet: () => heartbeat.isQuiet,
  };
  const started = await start(ctx);
  worker = started;
  const health = started.ownHealth
    ? null
    : await startHealthServer({
        host: config.SURELAY_HOST,
        port: config.SURELAY_WORKER_PORT,
        metrics,
        readiness: () => started.readiness(),
      });
  if (health) heartbeat.add({ healthPort: health.port });
  const beating = heartbeat.beat(stopping.signal);
  log.info({ instance: config.SURELAY_INSTANCE, healthPort: health?.port, version }, "started");

  await Promise.race([stop.asked, started.ended ?? new Promise<never>(() => undefined)]);
  stopping.abort();
  await withDeadline(config.SURELAY_STOP_TIMEOUT_MS, log, async () => {
    const stopped = started.stop();
    stopped.catch(() => undefined); // heard of below
    await beating;
    await heartbeat.whileStopping(stopped);
    await health?.stop();
    await pool.end();
    await tracing.stop();
  });
  log.info("stopped");
}

/** `asked` resolves at the first SIGTERM, SIGINT or SIGHUP, or at an operator's wish; a second signal ends the process. */
function stopRequest(
  stopping: AbortController,
  log: Log,
): { asked: Promise<void>; ask: (why: object) => void } {
  let resolve: () => void;
  const asked = new Promise<void>((done) => (resolve = done));
  const ask = (why: object) => {
    if (stopping.signal.aborted) return;
    log.info(why, "stopping");
    stopping.abort();
    resolve();
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) {
        log.warn({ signal }, "asked to stop twice: ending at once");
        process.exit(1);
      }
      ask({ signal });
    });
  }
  return { asked, ask };
}

async function withDeadline(ms: number, log: Log, work: () => Promise<void>): Promise<void> {
  const timer = setTimeout(() => {
    log.error({ ms }, "the stop did not end in time");
    process.exit(1);
  }, ms);
  await work();
  clearTimeout(timer);
}
