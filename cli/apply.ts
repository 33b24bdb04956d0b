import type { Command } from "commander";

/** `surelay apply`: makes apps and topics as a file declares them. */
export function registerApply(program: Command): void {
  program
    .command("apply")
    .description("make apps and topics as a topology file declares them, in the database and in Kafka")
    .requiredOption("-f, --file <topology.yaml>", "the topology file")
    .option("--dry-run", "only print what would be done")
    .addHelpText(
      "after",
      `
Repeating it changes nothing. What the file does not name is left as it is; nothing is ever removed. Partitions can be
added to a topic, not taken away. A \`schema\` is looked for beside the file.`,
    )
    .action(async (options: { file: string; dryRun?: boolean }) => {
      const { runApply } = await import("./run-apply.ts");
      await runApply(options);
    });
}
