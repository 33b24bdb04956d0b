/** What is taken out of an error's text because it differs from case to case. */
export type TakenKind = "uuid" | "time" | "url" | "email" | "address" | "text" | "hex" | "path" | "number";

export interface Taken {
  kind: TakenKind;
  /** As it stood in the text, cut off at 100 characters. */
  text: string;
}

export interface ErrorText {
  /** Such as an exception's class or `http_500`; null or blank: not told. */
  type: string | null;
  message: string | null;
}

export interface ErrorFingerprint {
  /** 16 hexadecimal digits of type and pattern: what makes two failures one group. */
  fingerprint: string;
  /** At most 100 characters. */
  type: string;
  /** The message with what differs replaced by `<kind>`, at most 300 characters; the message's first line alone. */
  pattern: string;
  /** The message as it was, at most 1000 characters. */
  sample: string;
  /** What was taken out, in its order, at most 20: why this failure and others are one group. */
  taken: Taken[];
}

/** The type of an error that came without one. */
export const UNTOLD_TYPE = "Error";

const MOST_READ = 1000;
const MOST_PATTERN = 300;
const MOST_TYPE = 100;
const MOST_TAKEN = 20;
const MOST_TAKEN_TEXT = 100;

/**
 * What is looked for, first to last: of two that begin at the same place the earlier one wins. Each is bounded or has no two
 * ways to match the same text, so that a hostile message costs no more than its length.
 */
const KINDS: readonly (readonly [TakenKind, string])[] = [
  ["uuid", String.raw`\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`],
  ["url", String.raw`\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}:\/\/[^\s"'<>\x60)\]}]{1,500}`],
  ["email", String.raw`\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}\b`],
  [
    "time",
    String.raw`\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2})\b)?)?`,
  ],
  ["time", String.raw`\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?\b`],
  ["address", String.raw`\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b`],
  ["address", String.raw`\[?(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{1,4}\b(?:\]:\d{1,5}|\])?`],
  ["address", String.raw`\b(?:localhost|(?:[a-zA-Z0-9-]{1,63}\.){1,8}[a-zA-Z][a-zA-Z0-9-]{0,62}):\d{1,5}\b`],
  // A quotation: not the apostrophe of a word, and on one line.
  ["text", String.raw`"(?:[^"\\\n]|\\[^\n]){0,500}"`],
  ["text", String.raw`(?<![A-Za-z0-9])'(?:[^'\\\n]|\\[^\n]){0,500}'(?![A-Za-z0-9])`],
  ["text", "`[^`\\n]{0,500}`"],
  ["text", "«[^»\\n]{0,500}»|“[^”\\n]{0,500}”|「[^」\\n]{0,500}」"],
  [
    "path",
    String.raw`(?<![A-Za-z0-9<>_.-])\/(?:[A-Za-z0-9_@.-]{1,100}\/){1,20}[A-Za-z0-9_@.-]{0,100}(?::\d{1,7}){0,2}`,
  ],
  ["hex", String.raw`\b0[xX][0-9a-fA-F]{1,128}\b`],
  ["hex", String.raw`\b(?=[a-fA-F]{0,127}[0-9])(?=[0-9]{0,127}[a-fA-F])[0-9a-fA-F]{8,128}\b`],
  ["number", String.raw`(?<![A-Za-z0-9])-?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?|\d+`],
];
const ANYTHING = new RegExp(KINDS.map(([, source]) => `(${source})`).join("|"), "gu");

/**
 * What a failure has in common with others of the same cause, as far as its text tells: its type, and its message without
 * numbers, ids, quoted values, addresses and times. Pure, and the same everywhere: groups are made by it and explained by
 * it. Two causes that differ in a quoted word only are one group; their samples and attempts still tell them apart.
 */
export function fingerprintError(error: ErrorText): ErrorFingerprint {
  const type = clean((error.type ?? "").slice(0, MOST_TYPE)) || UNTOLD_TYPE;
  const sample = clean((error.message ?? "").slice(0, MOST_READ));
  const taken: Taken[] = [];
  const pattern = firstLine(sample)
    .replace(ANYTHING, (text: string, ...groups: unknown[]) => {
      const kind = KINDS[groups.slice(0, KINDS.length).findIndex((group) => group !== undefined)]![0];
      if (taken.length < MOST_TAKEN) taken.push({ kind, text: text.slice(0, MOST_TAKEN_TEXT) });
      return `<${kind}>`;
    })
    .replace(/\s+/gu, " ")
    .slice(0, MOST_PATTERN);
  return { fingerprint: hash64(`${type}\n${pattern}`), type, pattern, sample, taken };
}

/** Without what PostgreSQL's text cannot hold: NUL and halves of surrogate pairs. */
function clean(text: string): string {
  return text.replace(/[\p{Surrogate}\0]/gu, "\uFFFD").trim();
}

const firstLine = (text: string): string => /^[^\r\n]*/u.exec(text)![0].trimEnd();

/** Two 32-bit FNV-1a over UTF-16 units, mixed at the end: groups of one subscription are thousands at most. */
function hash64(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return hex32(mix(a ^ (b << 7))) + hex32(mix(b ^ text.length));
}

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const hex32 = (hash: number): string => (hash >>> 0).toString(16).padStart(8, "0");
