import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { topologyFile, type TopologyFile } from "./topology-schema.ts";

/** Something wrong in a topology file, and where: line and column count from 1. */
export interface TopologyFault {
  line: number;
  column: number;
  message: string;
}

export interface ParsedFile {
  /** Null when there are faults. */
  file: TopologyFile | null;
  faults: TopologyFault[];
  /** Where the value at this path stands, for faults that are found later. */
  placeOf(path: PropertyKey[]): { line: number; column: number };
}

/** Reads the text of a topology file. All faults are reported at once, in the order of the text. Pure. */
export function parseTopology(text: string): ParsedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const placeOf = (path: PropertyKey[]) => position(lines, offsetOf(document, path));

  const broken = document.errors.map((error) => ({
    ...position(lines, error.pos[0]),
    message: error.message.split(/ at line \d+/)[0]!,
  }));
  if (broken.length > 0) return { file: null, faults: broken, placeOf };

  const content = plainContent(document);
  if ("fault" in content)
    return { file: null, faults: [{ ...placeOf([]), message: content.fault }], placeOf };

  const result = topologyFile.safeParse(content.value);
  if (result.success) return { file: result.data, faults: [], placeOf };
  const faults = result.error.issues
    .flatMap((issue) => describe(issue, placeOf))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  return { file: null, faults, placeOf };
}

function plainContent(document: Document): { value: unknown } | { fault: string } {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (value === null || value === undefined)
      return { fault: "the file is empty; expected 'apps' and 'topics'" };
    return { value };
  } catch (error) {
    return { fault: (error as Error).message }; // an alias without its anchor, or a bomb of aliases
  }
}

function describe(
  issue: z.core.$ZodIssue,
  placeOf: (path: PropertyKey[]) => { line: number; column: number },
): TopologyFault[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      ...placeOf([...issue.path, key]),
      message: `${pathText([...issue.path, key])}: there is no such field`,
    }));
  const where = issue.path.length > 0 ? `${pathText(issue.path)}: ` : "";
  const missing =
    issue.code === "invalid_type" && issue.input === undefined && issue.message.endsWith("undefined");
  return [{ ...placeOf(issue.path), message: where + (missing ? "is missing" : issue.message) }];
}

function pathText(path: PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : text ? `${text}.${String(step)}` : String(step),
    "",
  );
}

/** Offset of the deepest node on the path that exists; of a field, the place of its name. */
function offsetOf(document: Document, path: PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) break;
      offset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === "number") {
      node = node.items[step];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
