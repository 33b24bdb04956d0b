import { DUMP_WIDTH } from "./decode-payload.ts";

/** A stretch of one line; of a dump, of bytes in one row. */
export interface Match {
  line: number;
  start: number;
  end: number;
  /** Which of the matches this is part of: in a dump one may stretch over rows. */
  n: number;
}

/** Enough to look through; more are counted no further. */
export const MATCH_LIMIT = 1000;

/** Where text stands in lines, whatever its case. */
export function findInLines(lines: readonly string[], wanted: string): Match[] {
  const needle = wanted.toLowerCase();
  const matches: Match[] = [];
  if (needle === "") return matches;
  for (const [line, text] of lines.entries()) {
    const hay = text.toLowerCase();
    // Lower case can be longer than the original ("İ"): then a place in it says nothing, and case counts.
    const [where, what] = hay.length === text.length ? [hay, needle] : [text, wanted];
    for (let at = where.indexOf(what); at !== -1; at = where.indexOf(what, at + what.length)) {
      matches.push({ line, start: at, end: at + what.length, n: matches.length });
      if (matches.length === MATCH_LIMIT) return matches;
    }
  }
  return matches;
}

/** Where bytes stand in a dump: those written in hexadecimal (`0a ff`), else those of the text in UTF-8. */
export function findInBytes(bytes: Uint8Array, wanted: string): Match[] {
  const needle = parseHex(wanted) ?? new TextEncoder().encode(wanted);
  const matches: Match[] = [];
  if (needle.length === 0) return matches;
  let n = 0;
  for (let at = indexOfBytes(bytes, needle, 0); at !== -1 && n < MATCH_LIMIT; n++) {
    const end = at + needle.length;
    for (let from = at; from < end; from = (Math.floor(from / DUMP_WIDTH) + 1) * DUMP_WIDTH) {
      const line = Math.floor(from / DUMP_WIDTH);
      const rowStart = line * DUMP_WIDTH;
      matches.push({ line, start: from - rowStart, end: Math.min(end - rowStart, DUMP_WIDTH), n });
    }
    at = indexOfBytes(bytes, needle, end);
  }
  return matches;
}

/** Pairs of hexadecimal digits, apart or not; null: it is none. */
function parseHex(text: string): Uint8Array | null {
  const digits = text.replaceAll(/\s|^0x/gi, "");
  if (digits === "" || digits.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(digits)) return null;
  return Uint8Array.from({ length: digits.length / 2 }, (_, n) =>
    Number.parseInt(digits.slice(2 * n, 2 * n + 2), 16),
  );
}

function indexOfBytes(bytes: Uint8Array, needle: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(needle[0]!, from); at !== -1; at = bytes.indexOf(needle[0]!, at + 1)) {
    if (needle.every((byte, offset) => bytes[at + offset] === byte)) return at;
  }
  return -1;
}
