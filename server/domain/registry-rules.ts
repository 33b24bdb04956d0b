/**
 * What names and values apps, topics and API keys may have. The topology file, the console's procedures and its forms all
 * ask here, so that none takes what another refuses. The database's CHECKs hold the same forms once more.
 */

/** Most characters of an app's name. */
export const APP_NAME_LENGTH = 64;
/** Most characters of a topic's name: Kafka's own limit. */
export const TOPIC_NAME_LENGTH = 249;
/** Beginnings of topic names that are the service's own or Kafka's own. */
export const RESERVED_TOPIC_STARTS = ["surelay.", "__"] as const;

/** Seconds until the first check-back of a prepared message. */
export const CHECK_AFTER_SECONDS = { min: 1, max: 86_400 } as const;
export const PARTITIONS = { min: 1, max: 10_000 } as const;
/** Messages per second of one API key. */
export const KEY_RATE = { min: 1, max: 1_000_000 } as const;
/** Most characters of who to call about an app. */
export const CONTACT_LENGTH = 200;
/** Most characters of what an API key is for. */
export const NOTE_LENGTH = 200;
export const CHECK_URL_LENGTH = 2000;
/** Most characters of a schema's text: it is compiled and shown, and travels with every answer about its topic. */
export const SCHEMA_LENGTH = 256 * 1024;
/** Characters of a reason that an operator gives. */
export const REASON_LENGTH = { min: 3, max: 500 } as const;

export const KEY_SCOPES = ["produce", "consume"] as const;

/** The rules of an app's name, one by one, for a form to tick off while a person types. Pure. */
export const APP_NAME_RULES = {
  characters: (name: string) => /^[a-z0-9._-]*$/.test(name),
  start: (name: string) => /^[a-z0-9]/.test(name),
  length: (name: string) => name.length >= 1 && name.length <= APP_NAME_LENGTH,
} as const;

/** The rules of a topic's name. */
export const TOPIC_NAME_RULES = {
  characters: (name: string) => /^[A-Za-z0-9._-]*$/.test(name),
  reserved: (name: string) =>
    name !== "." && name !== ".." && !RESERVED_TOPIC_STARTS.some((start) => name.startsWith(start)),
  length: (name: string) => name.length >= 1 && name.length <= TOPIC_NAME_LENGTH,
} as const;

type Rules = Readonly<Record<string, (value: string) => boolean>>;

/** The names of the rules that a value breaks. */
export function brokenRules<R extends Rules>(rules: R, value: string): (keyof R & string)[] {
  return Object.keys(rules).filter((rule) => !rules[rule]!(value));
}

/** Whether an address can be asked for check-backs: absolute, http or https. */
export function isCheckUrl(text: string): boolean {
  if (text.length > CHECK_URL_LENGTH || /\s/.test(text)) return false;
  try {
    const { protocol, hostname } = new URL(text);
    return (protocol === "http:" || protocol === "https:") && hostname !== "";
  } catch {
    return false;
  }
}
