import type { Command } from "commander";

/** `surelay migrate`: brings the database to this version. */
export function registerMigrate(program: Command): void {
  program
    .command("migrate")
    .description(
      "bring the database to this version; safe to repeat, and to run while an older version serves",
    )
    .option("--dry-run", "only say what is missing")
    .action(async (options: { dryRun?: boolean }) => {
      const { runMigrate } = await import("./run-migrate.ts");
      await runMigrate(options);
    });
}
