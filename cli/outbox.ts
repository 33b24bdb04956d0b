import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { projectRoot } from "../server/config/project-root.ts";
import { OUTBOX_KINDS, type OutboxKind } from "../server/domain/outbox-source.ts";

/** `surelay outbox sql`: the local message table, for a business database's own migrations. */
export function registerOutbox(program: Command): void {
  const outbox = program.command("outbox").description("local message tables in business databases");
  outbox
    .command("sql")
    .description("print the statements that make the table, for a migration of the business database")
    .addOption(
      new Option("--kind <kind>", "the business database").choices(OUTBOX_KINDS).makeOptionMandatory(),
    )
    .addHelpText(
      "after",
      "\nSuch as: surelay outbox sql --kind postgresql > migrations/0042_surelay_outbox.sql",
    )
    .action(({ kind }: { kind: OutboxKind }) => {
      process.stdout.write(
        readFileSync(join(projectRoot(), "sdk/producer/sql", `outbox.${kind}.sql`), "utf8"),
      );
    });
}
