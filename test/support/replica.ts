import { Registry } from "prom-client";
import { readConfig } from "../../server/config/config.ts";
import { createLog, silentLog } from "../../server/log.ts";
import type { ProcessContext, RunningWorker } from "../../workers/runtime/process.ts";
import type { TestDatabase } from "./database.ts";

/** A worker in this process. */
export interface Replica {
  stop(): Promise<void>;
  setQuiet(quiet: boolean): void;
  report(): Record<string, unknown>;
  metrics: Registry;
}

/**
 * Starts a worker as its `main.ts` would, without its heartbeat. With WORKER_TEST_LOG=<kind> its log goes to stderr.
 *
 * @param env its settings, beside the database's
 */
export async function startReplica(
  kind: string,
  start: (context: ProcessContext) => Promise<RunningWorker>,
  database: TestDatabase,
  env: Record<string, string>,
): Promise<Replica> {
  const stopping = new AbortController();
  const metrics = new Registry();
  let quiet = false;
  let report: object | (() => object) = {};
  const worker = await start({
    kind,
    instance: "test",
    config: readConfig({ DATABASE_URL: database.url, ...env }),
    databaseUrl: database.url,
    pool: database.pool,
    log:
      process.env.WORKER_TEST_LOG === kind
        ? createLog(kind, "debug", { write: (line: string) => void process.stderr.write(line) })
        : silentLog,
    metrics,
    signal: stopping.signal,
    tick: () => undefined,
    report: (detail) => (report = detail),
    isQuiet: () => quiet,
  });
  let stopped: Promise<void> | undefined;
  return {
    metrics,
    report: () =>
      (typeof report === "function" ? (report as () => object)() : report) as Record<string, unknown>,
    setQuiet: (wanted) => {
      quiet = wanted;
      worker.setQuiet?.(wanted);
    },
    stop: () => {
      stopping.abort();
      return (stopped ??= worker.stop());
    },
  };
}
