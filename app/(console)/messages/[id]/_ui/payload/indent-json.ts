const INDENT = "  ";
/** A string, whole or broken off; a run of anything that is neither structure nor white space; one structural sign. */
const TOKEN = /"(?:[^"\\]|\\[\s\S]?)*"?|[^\s"{}[\],:]+|[{}[\],:]/g;

/**
 * JSON text laid out over lines. Tokens are copied and never read as values, so numbers keep every digit, keys their
 * order and doubles, and escapes their form; what `JSON.parse` and `JSON.stringify` would make of it does not matter.
 * Text that is broken off is laid out as far as it goes.
 */
export function indentJson(text: string): string {
  let out = "";
  let depth = 0;
  let previous = "";
  for (const [token] of text.matchAll(TOKEN)) {
    const closes = token === "}" || token === "]";
    if (closes) depth = Math.max(0, depth - 1);
    const opened = previous === "{" || previous === "[";
    if (previous === ",") out += newLine(depth);
    else if (opened && !closes) out += newLine(depth);
    else if (closes && !opened) out += newLine(depth);
    else if (previous === ":") out += " ";
    out += token;
    if (token === "{" || token === "[") depth += 1;
    previous = token;
  }
  return out;
}

/** The same tokens on one line. @param gap after each comma and colon: what wrote it puts a space there, or nothing */
export function joinJson(text: string, gap: "" | " "): string {
  let out = "";
  for (const [token] of text.matchAll(TOKEN)) out += token === "," || token === ":" ? token + gap : token;
  return out;
}

const newLine = (depth: number) => `\n${INDENT.repeat(depth)}`;

/** Whether text is JSON. Of text that is cut only its beginning can be judged. */
export function looksLikeJson(text: string, contentType: string, cut: boolean): boolean {
  if (cut) return /\bjson\b/i.test(contentType);
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
