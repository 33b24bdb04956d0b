import { hkdfSync } from "node:crypto";
import { secretText } from "../../sdk/contract/webhook-signature.ts";

/** Whose requests are signed: an app's check-backs, or what is delivered to one webhook subscription. */
export type SecretOf = { app: string } | { topic: string; subscription: string };

/** Which secrets of it count now. */
export interface SecretVersions {
  secretVersion: number;
  /** The secret before this one still counts. */
  secretOverlaps: boolean;
}

/**
 * The secret that requests are signed with. Derived from the installation's master secret and not stored: the database, its
 * backups and its replicas do not hold it, and replacing it is a number that goes up. Names hold no slash, so no two of them
 * derive the same.
 *
 * @param master SURELAY_SIGNING_SECRET
 * @param version `secret_version` of the app or the subscription
 * @returns `whsec_…`, as the receiver is given it
 */
export function deriveSecret(master: string, of: SecretOf, version: number): string {
  const name = "app" in of ? `app/${of.app}` : `webhook/${of.topic}/${of.subscription}`;
  return secretText(new Uint8Array(hkdfSync("sha256", master, "", `surelay/${name}/${version}`, 32)));
}

/** The secret of an app's check-backs. */
export function signingSecret(master: string, app: string, version: number): string {
  return deriveSecret(master, { app }, version);
}

/** The secret of what is delivered to a webhook subscription. */
export function webhookSecret(master: string, topic: string, subscription: string, version: number): string {
  return deriveSecret(master, { topic, subscription }, version);
}

/**
 * What a request is signed with, newest first: for a day after a change with the secret before it too, so that the receiver
 * takes over the new one whenever it likes within that day.
 */
export function countingSecrets(
  master: string,
  of: SecretOf,
  { secretVersion, secretOverlaps }: SecretVersions,
): string[] {
  const versions = secretOverlaps ? [secretVersion, secretVersion - 1] : [secretVersion];
  return versions.map((version) => deriveSecret(master, of, version));
}

/** What an app's check-backs are signed with, newest first. */
export function signingSecrets(master: string, app: SecretVersions & { name: string }): string[] {
  return countingSecrets(master, { app: app.name }, app);
}
