export interface DiffLine {
  kind: "same" | "removed" | "added";
  text: string;
}

/** Beyond so many pairs of lines the middle is told as replaced as a whole, rather than being compared for seconds. */
const MOST_PAIRS = 4_000_000;

/** The lines of two texts as one list: a longest common subsequence stays, the rest is removed or added. Pure. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before === "" ? [] : before.split("\n");
  const b = after === "" ? [] : after.split("\n");
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return [
    ...a.slice(0, start).map((text) => line("same", text)),
    ...diffMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map((text) => line("same", text)),
  ];
}

function diffMiddle(a: string[], b: string[]): DiffLine[] {
  if (a.length * b.length > MOST_PAIRS)
    return [...a.map((text) => line("removed", text)), ...b.map((text) => line("added", text))];
  const longest = commonLengths(a, b);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(line("same", a[i]!));
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && longest[i + 1]![j]! >= longest[i]![j + 1]!))
      lines.push(line("removed", a[i++]!));
    else lines.push(line("added", b[j++]!));
  }
  return lines;
}

/** `[i][j]`: how many lines a from i on and b from j on have in common, in order. */
function commonLengths(a: string[], b: string[]): Uint32Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i]![j] =
        a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  return lengths;
}

function line(kind: DiffLine["kind"], text: string): DiffLine {
  return { kind, text };
}

/** A diff with what is unchanged for long left out: a number stands for that many lines. Pure. */
export function foldDiff(lines: readonly DiffLine[], context: number): (DiffLine | number)[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - context), at + context + 1).some(({ kind }) => kind !== "same"),
  );
  const folded: (DiffLine | number)[] = [];
  lines.forEach((entry, at) => {
    const last = folded.at(-1);
    if (near[at]) folded.push(entry);
    else if (typeof last === "number") folded[folded.length - 1] = last + 1;
    else folded.push(1);
  });
  return folded;
}
