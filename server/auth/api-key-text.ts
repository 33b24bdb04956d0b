import { hash, randomBytes } from "node:crypto";

/** Lower-case base32 without look-alikes: an id is read aloud and typed. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
const FORM = /^slk_([a-z0-9]{16})_([A-Za-z0-9_-]{43})$/;

/** An API key as its owner holds it: `slk_<id>_<secret>`. */
export interface ApiKeyText {
  /** Public: shown in lists and logs. */
  id: string;
  secret: string;
}

/** Makes a key: an id of 80 random bits and a secret of 256. */
export function newApiKeyText(): ApiKeyText & { text: string } {
  const id = [...randomBytes(16)].map((byte) => ALPHABET[byte % 32]).join("");
  const secret = randomBytes(32).toString("base64url");
  return { id, secret, text: `slk_${id}_${secret}` };
}

/** The parts of a key; null: no key has this form. */
export function parseApiKey(text: string): ApiKeyText | null {
  const match = FORM.exec(text);
  return match ? { id: match[1]!, secret: match[2]! } : null;
}

/** What is stored of a secret: SHA-256. It holds 256 random bits, so a slow hash would protect nothing more. */
export function hashSecret(secret: string): Buffer {
  return hash("sha256", secret, "buffer");
}
