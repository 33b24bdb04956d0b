import { hkdfSync } from "node:crypto";
import { secretText } from "../../sdk/contract/webhook-signature.ts";

/**
 * The secret that requests to an app are signed with. Derived from the installation's master secret and not stored: the
 * database, its backups and its replicas do not hold it, and replacing it is a number that goes up.
 *
 * @param master SURELAY_SIGNING_SECRET
 * @param version `app.secret_version`
 * @returns `whsec_…`, as the app is given it
 */
export function signingSecret(master: string, app: string, version: number): string {
  return secretText(new Uint8Array(hkdfSync("sha256", master, "", `surelay/app/${app}/${version}`, 32)));
}

/**
 * What a request is signed with, newest first: for a day after a change with the secret before it too, so that an app takes
 * over the new one whenever it likes within that day.
 */
export function signingSecrets(
  master: string,
  app: { name: string; secretVersion: number; secretOverlaps: boolean },
): string[] {
  const versions = app.secretOverlaps ? [app.secretVersion, app.secretVersion - 1] : [app.secretVersion];
  return versions.map((version) => signingSecret(master, app.name, version));
}
