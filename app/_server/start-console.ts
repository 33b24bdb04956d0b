import { OperatorError } from "@/server/errors.ts";
import { consoleRuntime } from "./console-runtime.ts";
import { reportConsole } from "./report-console.ts";

/**
 * Checks the configuration before the first request, and ends live streams when the process is asked to stop: the
 * server waits for open requests, and a stream never ends on its own.
 */
export function startConsole(): void {
  try {
    const runtime = consoleRuntime();
    const { watch, log } = runtime;
    reportConsole(runtime);
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => watch.stop());
    log.info("console started");
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
