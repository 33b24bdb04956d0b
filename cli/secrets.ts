import type { Command } from "commander";
import type { SecretOf } from "../server/auth/signing-secret.ts";

interface SecretOptions {
  app?: string;
  subscription?: string;
  json?: boolean;
}

/** `surelay secrets show|rotate`: what requests to apps and webhooks are signed with. */
export function registerSecrets(program: Command): void {
  const secrets = program.command("secrets").description("signing secrets of apps and webhook subscriptions");
  const command = (name: string, description: string) =>
    secrets
      .command(name)
      .description(description)
      .option("--app <name>", "the app whose check-backs are signed with it")
      .option("--subscription <topic/name>", "the webhook subscription whose deliveries are signed with it")
      .option("--json", "print {app, topic, subscription, secret, version, overlapsUntil} instead");

  command(
    "show",
    "print a signing secret, alone on standard output; the look is written to the audit log",
  ).action(async (options: SecretOptions, self: Command) => {
    const { runShowSecret } = await import("./run-secrets.ts");
    await runShowSecret(secretOf(options, self), options);
  });

  command(
    "rotate",
    "make a new signing secret and print it; for 24 hours requests carry both signatures",
  ).action(async (options: SecretOptions, self: Command) => {
    const { runRotateSecret } = await import("./run-secrets.ts");
    await runRotateSecret(secretOf(options, self), options);
  });
}

/** Ends with wrong usage when neither is named, or both are, or a subscription without its topic. */
function secretOf({ app, subscription }: SecretOptions, command: Command): SecretOf {
  if (app !== undefined && subscription === undefined) return { app };
  const [topic, name, ...more] = subscription?.split("/") ?? [];
  if (app === undefined && topic && name && more.length === 0) return { topic, subscription: name };
  return command.error("error: name one of --app <name> and --subscription <topic/name>", { exitCode: 2 });
}
