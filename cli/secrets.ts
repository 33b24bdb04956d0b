import type { Command } from "commander";

/** `surelay secrets show|rotate`: what requests to apps are signed with. */
export function registerSecrets(program: Command): void {
  const secrets = program.command("secrets").description("signing secrets of apps");

  secrets
    .command("show")
    .description(
      "print an app's signing secret, alone on standard output; the look is written to the audit log",
    )
    .requiredOption("--app <name>", "the app that verifies signatures with it")
    .option("--json", "print {app, secret, version, overlapsUntil} instead")
    .action(async (options: { app: string; json?: boolean }) => {
      const { runShowSecret } = await import("./run-secrets.ts");
      await runShowSecret(options);
    });

  secrets
    .command("rotate")
    .description("give an app a new signing secret and print it; for 24 hours requests carry both signatures")
    .requiredOption("--app <name>", "the app that verifies signatures with it")
    .option("--json", "print {app, secret, version, overlapsUntil} instead")
    .action(async (options: { app: string; json?: boolean }) => {
      const { runRotateSecret } = await import("./run-secrets.ts");
      await runRotateSecret(options);
    });
}
