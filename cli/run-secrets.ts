import { OperatorError } from "../server/errors.ts";
import { rotateSecret } from "../server/services/registry/rotate-secret.ts";
import { type ShownSecret, showSecret } from "../server/services/registry/show-secret.ts";
import { type Target, withTarget } from "./target.ts";

interface SecretOptions {
  app: string;
  json?: boolean;
}

export async function runShowSecret(options: SecretOptions): Promise<void> {
  const shown = await withTarget(({ pool, config, actorName }) =>
    showSecret(pool, { app: options.app, master: masterOf(config) }, { actorId: null, actorName }),
  );
  print(options, shown, `Signing secret ${shown.version} of app ${options.app}:`);
}

export async function runRotateSecret(options: SecretOptions): Promise<void> {
  const result = await withTarget(({ pool, config, actorName }) =>
    rotateSecret(pool, { app: options.app, master: masterOf(config) }, { actorId: null, actorName }),
  );
  if (result.kind === "changed_meanwhile")
    throw new OperatorError(
      "changed_meanwhile",
      `Somebody else gave ${options.app} a new secret at the same moment; \`surelay secrets show\` prints it.`,
    );
  print(
    options,
    result.secret,
    `Signing secret ${result.secret.version} of app ${options.app}. Give it to the app before ${result.secret.overlapsUntil?.toISOString() ?? "now"}; until then requests carry both signatures:`,
  );
}

function print(
  { app, json }: SecretOptions,
  { secret, version, overlapsUntil }: ShownSecret,
  words: string,
): void {
  if (json) return console.log(JSON.stringify({ app, secret, version, overlapsUntil }));
  console.error(words);
  console.log(secret);
}

/** @throws OperatorError `no_signing_secret` */
function masterOf(config: Target["config"]): string {
  if (config.SURELAY_SIGNING_SECRET) return config.SURELAY_SIGNING_SECRET;
  throw new OperatorError(
    "no_signing_secret",
    "SURELAY_SIGNING_SECRET is not set, and no instance runs in the data folder. Name the one that `confirm` runs with: apps' secrets are derived from it.",
  );
}
