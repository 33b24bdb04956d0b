export type TokenKind = "key" | "string" | "number" | "word" | "sign";

export interface Token {
  kind: TokenKind;
  text: string;
  /** Place in the line's text. */
  at: number;
}

export interface JsonLine {
  /** With its indentation. */
  text: string;
  indent: number;
  tokens: Token[];
  /** For a line that opens something: the line that closes it. */
  closedBy: number | null;
  /** Entries between the two. */
  entries: number;
}

const TOKEN = /"(?:[^"\\]|\\.?)*"?|[{}[\],:]|[^\s"{}[\],:]+/g;
const NUMBER = /^-?\d/;

/**
 * The lines of JSON text that `indentJson` laid out, with what belongs together. Tokens are pieces of the text, never
 * read as values.
 */
export function jsonLines(laidOut: string): JsonLine[] {
  const lines = laidOut.split("\n").map((text) => {
    const indent = text.length - text.trimStart().length;
    return { text, indent, tokens: tokensOf(text), closedBy: null as number | null, entries: 0 };
  });
  const open: number[] = [];
  for (const [index, { tokens }] of lines.entries()) {
    const first = tokens[0]?.text;
    if (first === "}" || first === "]") {
      const opener = open.pop();
      if (opener !== undefined) lines[opener]!.closedBy = index;
    } else if (open.length > 0) lines[open.at(-1)!]!.entries += 1;
    const last = tokens.at(-1)?.text;
    if (last === "{" || last === "[") open.push(index);
  }
  return lines;
}

function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  for (const { 0: text, index } of line.matchAll(TOKEN)) {
    const previous = tokens.at(-1);
    if (text === ":" && previous?.kind === "string") previous.kind = "key";
    tokens.push({ kind: kindOf(text), text, at: index });
  }
  return tokens;
}

function kindOf(text: string): TokenKind {
  if (text.startsWith('"')) return "string";
  if (/^[{}[\],:]$/.test(text)) return "sign";
  return NUMBER.test(text) ? "number" : "word";
}

/** Lines that are seen while those that open at `folded` are folded. */
export function unfoldedLines(lines: readonly JsonLine[], folded: ReadonlySet<number>): number[] {
  const seen: number[] = [];
  for (let index = 0; index < lines.length; index++) {
    seen.push(index);
    const closedBy = lines[index]!.closedBy;
    if (folded.has(index) && closedBy !== null) index = closedBy - 1;
  }
  return seen;
}

/** What opens around a line, and so has to be unfolded to see it. */
export function foldsAround(lines: readonly JsonLine[], line: number): number[] {
  return lines.flatMap(({ closedBy }, index) =>
    closedBy !== null && index < line && line < closedBy ? [index] : [],
  );
}
