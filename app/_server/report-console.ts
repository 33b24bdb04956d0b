import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { projectVersion } from "@/server/config/project-root.ts";
import { markWorkerStopped, reportWorker } from "@/server/store/workers.ts";
import type { ConsoleRuntime } from "./console-runtime.ts";

/**
 * Shows this console among the processes, with a heartbeat like a worker's. It takes no commands: it is what they are
 * given with, and whoever started it ends it.
 */
export function reportConsole({ config, db, log }: ConsoleRuntime): void {
  const stopping = new AbortController();
  const identity = {
    kind: "console",
    name: config.SURELAY_INSTANCE,
    host: hostname(),
    pid: process.pid,
    version: projectVersion(),
    startedAt: new Date(),
    heartbeatMs: config.SURELAY_HEARTBEAT_MS,
    lastTickAt: null,
    mode: "run" as const,
    detail: { port: config.SURELAY_CONSOLE_PORT },
  };
  let failing = false;
  const beat = async () => {
    while (!stopping.signal.aborted) {
      try {
        await reportWorker(db, identity);
        failing = false;
      } catch (error) {
        if (!failing) log.warn({ err: error }, "the console could not report itself");
        failing = true;
      }
      await wait(config.SURELAY_HEARTBEAT_MS, undefined, { signal: stopping.signal, ref: false }).catch(
        () => undefined,
      );
    }
  };
  const beating = beat();
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      stopping.abort();
      // Best effort, after a beat under way: a console that ends sooner is presumed dead after six of them.
      void beating
        .then(() => markWorkerStopped(db, identity.kind, identity.name, identity.pid))
        .catch(() => undefined);
    });
}
