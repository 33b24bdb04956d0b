import type { Command } from "commander";

/** `surelay worker <name…>`: runs workers in the foreground. */
export function registerWorker(program: Command): void {
  program
    .command("worker")
    .description("run one or several workers in the foreground, until SIGTERM or Ctrl-C")
    .argument("<name...>", "api, relay, confirm, notify, recover, ack, sweep, collect …")
    .addHelpText(
      "after",
      `
One worker runs in this very process. Several run as processes below it: when one of them fails the others are stopped
and the exit code is 1, for a service manager to start all again. With SURELAY_WORKER_PORT set, the first serves
its health and metrics there, the second one port above, and so on; the api has its own port.`,
    )
    .action(async (names: string[], _options: unknown, command: Command) => {
      const { missingWorkers, runWorkers, workerNames } = await import("./run-workers.ts");
      const unknown = missingWorkers(names);
      if (unknown.length > 0)
        command.error(
          `error: there is no worker ${unknown.join(", ")}; there are ${workerNames().join(", ") || "none (run `npm run build`)"}`,
          { exitCode: 2 },
        );
      await runWorkers([...new Set(names)]);
    });
}
