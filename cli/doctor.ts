import type { Command } from "commander";

/** `surelay doctor`: looks at everything the service depends on, and says what to do. */
export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("check this machine, the database and the broker, and say what to do about what is wrong")
    .option("--json", "print the checks as JSON")
    .addHelpText(
      "after",
      "\nExit code 1 if a check failed. Uses DATABASE_URL and KAFKA_BROKERS, or the instance that runs in SURELAY_DATA_DIR.",
    )
    .action(async (options: { json?: boolean }) => {
      const { runDoctor } = await import("./doctor/run-doctor.ts");
      process.exitCode = (await runDoctor(options)) ? 0 : 1;
    });
}
