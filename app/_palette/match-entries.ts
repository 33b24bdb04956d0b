/** What an entry is found by. */
export interface Findable {
  label: string;
  /** Other words for it, in any language. */
  words?: string;
}

/**
 * Entries in which every word of the query occurs, those whose name begins with it first, else in their own order. An
 * empty query finds all. Pure.
 */
export function matchEntries<Entry extends Findable>(entries: readonly Entry[], query: string): Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...entries];
  const text = ({ label, words: others = "" }: Entry) => `${label} ${others}`.toLowerCase();
  const found = entries.filter((entry) => words.every((word) => text(entry).includes(word)));
  const begins = (entry: Entry) => entry.label.toLowerCase().startsWith(words[0]!);
  return [...found.filter(begins), ...found.filter((entry) => !begins(entry))];
}
