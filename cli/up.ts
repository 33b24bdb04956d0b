import type { Command } from "commander";

/** `surelay up`: everything on this machine, until Ctrl-C. */
export function registerUp(program: Command): void {
  program
    .command("up")
    .description(
      "start everything on this machine: database, broker, workers, console, example; Ctrl-C stops it",
    )
    .option("--no-example", "without the example business (also: SURELAY_EXAMPLE=off)")
    .option("--no-console", "without the web console, which then is not built either")
    .addHelpText(
      "after",
      `
PostgreSQL is the one at DATABASE_URL, or an embedded one; Kafka is the one at KAFKA_BROKERS, or an embedded one.
Data is kept in SURELAY_DATA_DIR (.surelay). Ports: SURELAY_API_PORT (4000), SURELAY_CONSOLE_PORT (3000),
SURELAY_POSTGRES_PORT and SURELAY_KAFKA_PORT (free ones). Two instances need two folders and different ports.`,
    )
    .action(async (options: { example: boolean; console: boolean }) => {
      const { runUp } = await import("./up/run-up.ts");
      await runUp(options);
    });
}
