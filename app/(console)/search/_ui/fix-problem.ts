import { parseSearch } from "@/server/domain/parse-search.ts";
import { printSearch } from "@/server/domain/print-search.ts";
import type { SearchProblem } from "@/server/domain/search-query.ts";
import { termAt } from "./suggest-terms.ts";

/** The query with its problem mended, where one thing can be meant; null otherwise. Pure. */
export function fixProblem(text: string, problem: SearchProblem): string | null {
  const fixed = mend(text, problem);
  return fixed !== null && parseSearch(fixed).problem?.at !== problem.at ? fixed.trim() : null;
}

function mend(text: string, { code, at, length, near }: SearchProblem): string | null {
  const term = termAt(text, at);
  const put = (from: number, to: number, replacement: string) =>
    text.slice(0, from) + replacement + text.slice(to);
  switch (code) {
    case "unknownField":
      if (near?.startsWith("payload.")) return put(term.from, term.to, near);
      if (near !== undefined) return put(at, at + length, near);
      return put(term.from, term.to, printSearch({ any: text.slice(term.from, term.to) }));
    case "badState":
      return near === undefined ? null : put(at, at + length, near);
    case "openQuote":
      return `${text}"`;
    case "secondWord":
      return joinWords(text, near!);
    case "twice":
      return put(term.from, term.to, "").replaceAll(/ {2,}/g, " ");
    default:
      return null;
  }
}

/** All free words in a row as one. */
function joinWords(text: string, first: string): string | null {
  const from = text.indexOf(first);
  const words = /^[^\s":=]+(?:\s+[^\s":=]+)+(?=\s|$)/.exec(text.slice(from))?.[0];
  if (words === undefined) return null;
  return text.slice(0, from) + printSearch({ any: words }) + text.slice(from + words.length);
}
