import { Command, CommanderError } from "commander";
import { projectVersion } from "../server/config/project-root.ts";
import { OperatorError, SurelayError } from "../server/errors.ts";
import { registerApply } from "./apply.ts";
import { registerDoctor } from "./doctor.ts";
import { registerKeys } from "./keys.ts";
import { registerMigrate } from "./migrate.ts";
import { registerOutbox } from "./outbox.ts";
import { registerSecrets } from "./secrets.ts";
import { registerUp } from "./up.ts";
import { registerUsers } from "./users.ts";
import { registerWorker } from "./worker.ts";

const EXIT_CODES = `
Exit codes: 0 done, 1 failed (the reason is on stderr), 2 wrong usage.
Settings come from the environment; docs/operations.md lists them.`;

const COMMANDS = [
  registerUp,
  registerWorker,
  registerMigrate,
  registerApply,
  registerKeys,
  registerOutbox,
  registerSecrets,
  registerUsers,
  registerDoctor,
];

/** Runs one command. One that succeeds sets the exit code if need be, and the process ends by itself. */
async function main(argv: string[]): Promise<void> {
  const program = new Command("surelay")
    .description(
      "Reliable messages between databases: delivered if and only if the business transaction committed.",
    )
    .version(projectVersion())
    .addHelpText("after", EXIT_CODES)
    .showHelpAfterError("(surelay --help lists the commands)")
    .exitOverride();
  for (const register of COMMANDS) register(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    // At once: what a failed command had begun at the same time must not keep the process alive.
    process.exit(report(error));
  }
}

function report(error: unknown): number {
  // Commander has said by itself what is wrong; help and version are no faults.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof OperatorError || error instanceof SurelayError) {
    console.error(`surelay: ${error.message} [${error.code}]`);
    return 1;
  }
  console.error("surelay: this should not have happened:", error);
  return 1;
}

await main(process.argv);
