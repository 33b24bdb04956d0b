import type { SecretOf } from "../server/auth/signing-secret.ts";
import { OperatorError } from "../server/errors.ts";
import { rotateSecret } from "../server/services/registry/rotate-secret.ts";
import { type ShownSecret, showSecret } from "../server/services/registry/show-secret.ts";
import { type Target, withTarget } from "./target.ts";

export interface SecretPrint {
  json?: boolean;
}

export async function runShowSecret(of: SecretOf, options: SecretPrint): Promise<void> {
  const shown = await withTarget(({ pool, config, actorName }) =>
    showSecret(pool, { ...of, master: masterOf(config) }, { actorId: null, actorName }),
  );
  print(options, of, shown, `Signing secret ${shown.version} of ${wordsOf(of)}:`);
}

export async function runRotateSecret(of: SecretOf, options: SecretPrint): Promise<void> {
  const result = await withTarget(({ pool, config, actorName }) =>
    rotateSecret(pool, { ...of, master: masterOf(config) }, { actorId: null, actorName }),
  );
  if (result.kind === "changed_meanwhile")
    throw new OperatorError(
      "changed_meanwhile",
      `Somebody else gave the ${wordsOf(of)} a new secret at the same moment; \`surelay secrets show\` prints it.`,
    );
  print(
    options,
    of,
    result.secret,
    `Signing secret ${result.secret.version} of ${wordsOf(of)}. Give it to the receiver before ${result.secret.overlapsUntil?.toISOString() ?? "now"}; until then requests carry both signatures:`,
  );
}

const wordsOf = (of: SecretOf) =>
  "app" in of ? `app ${of.app}` : `subscription ${of.topic}/${of.subscription}`;

function print(
  { json }: SecretPrint,
  of: SecretOf,
  { secret, version, overlapsUntil }: ShownSecret,
  words: string,
): void {
  if (json) return console.log(JSON.stringify({ ...of, secret, version, overlapsUntil }));
  console.error(words);
  console.log(secret);
}

/** @throws OperatorError `no_signing_secret` */
function masterOf(config: Target["config"]): string {
  if (config.SURELAY_SIGNING_SECRET) return config.SURELAY_SIGNING_SECRET;
  throw new OperatorError(
    "no_signing_secret",
    "SURELAY_SIGNING_SECRET is not set, and no instance runs in the data folder. Name the one that `confirm` and `notify` run with: these secrets are derived from it.",
  );
}
