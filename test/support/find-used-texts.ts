import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "@swc/core";

/** What the interface's sources ask of the catalogues, found in their syntax trees. */
export interface UsedTexts {
  /** Full keys, or patterns with `*` where a value stands, with the file that uses each. */
  keys: Map<string, string>;
  /** Namespaces of calls whose key is a variable: any of their keys that is written somewhere may be meant. */
  dynamic: Set<string>;
  /** Every string that is written in the sources. */
  strings: Set<string>;
  /** Words in components that no catalogue knows: `file: text`. */
  literals: string[];
}

type Tree = { type?: string; [key: string]: unknown };

/** Attributes that are read out or shown. */
const SHOWN = new Set(["aria-label", "title", "placeholder", "label", "alt", "description", "message"]);
/** The same in every language. */
const UNTRANSLATED = /^https?:|^(?:UTC|JSON|curl|Surelay|Kafka|ms|POST|GET|G|K)$/;
const CODE = new Set(["code", "pre", "kbd", "Code", "style", "script"]);

export function findUsedTexts(root: string): UsedTexts {
  const used: UsedTexts = { keys: new Map(), dynamic: new Set(), strings: new Set(), literals: [] };
  for (const file of readdirSync(root, { recursive: true, encoding: "utf8" }).toSorted()) {
    if (!/\.tsx?$/.test(file) || /\.test\.tsx?$|\.d\.ts$/.test(file)) continue;
    collectTexts(readFileSync(join(root, file), "utf8"), file, used);
  }
  return used;
}

/** Adds what one file uses. @param file its name, for what is told about it */
export function collectTexts(source: string, file: string, used: UsedTexts): void {
  const tree = parseSync(source, { syntax: "typescript", tsx: file.endsWith(".tsx"), target: "es2022" });
  visit(tree, { file, used, scopes: [new Map()], inCode: false });
}

interface Place {
  file: string;
  used: UsedTexts;
  /** Names of translators with their namespace, innermost last; null: of any namespace. */
  scopes: Map<string, string | null>[];
  inCode: boolean;
}

function visit(node: unknown, place: Place): void {
  if (Array.isArray(node)) {
    for (const one of node) visit(one, place);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  const tree = node as Tree;
  let inner = place;
  switch (tree.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ClassMethod":
      inner = { ...place, scopes: [...place.scopes, new Map(parametersNamedT(tree))] };
      break;
    case "VariableDeclarator": {
      const namespace = namespaceOf(tree.init as Tree | null);
      const name = (tree.id as { value?: string }).value;
      if (namespace !== undefined && name !== undefined) place.scopes.at(-1)!.set(name, namespace);
      break;
    }
    case "CallExpression":
      collectCall(tree, place);
      break;
    case "StringLiteral":
      place.used.strings.add(tree.value as string);
      break;
    case "JSXElement":
      inner = { ...place, inCode: place.inCode || CODE.has(elementName(tree)) };
      break;
    case "JSXText":
      if (!place.inCode) collectLiteral(tree.value as string, place);
      break;
    case "JSXAttribute": {
      const name = (tree.name as { value?: string }).value ?? "";
      const value = tree.value as Tree | null;
      if (SHOWN.has(name) && value?.type === "StringLiteral") collectLiteral(value.value as string, place);
      break;
    }
  }
  for (const [key, child] of Object.entries(tree)) if (key !== "span") visit(child, inner);
}

/** A translator that is handed on: nobody here knows its namespace. */
function parametersNamedT(tree: Tree): [string, null][] {
  const parameters = (tree.params ?? []) as (Tree & { pat?: Tree })[];
  const names = parameters.map((parameter) => ((parameter.pat ?? parameter) as { value?: string }).value);
  return names.includes("t") ? [["t", null]] : [];
}

/** @returns undefined: no translator is made here; "" for one of all namespaces */
function namespaceOf(tree: Tree | null | undefined): string | null | undefined {
  if (tree?.type === "AwaitExpression") return namespaceOf(tree.argument as Tree);
  if (tree?.type === "ParenthesisExpression") return namespaceOf(tree.expression as Tree);
  if (tree?.type !== "CallExpression") return undefined;
  const callee = tree.callee as { value?: string };
  if (callee.value !== "useTranslations" && callee.value !== "getTranslations") return undefined;
  const [first] = tree.arguments as { expression: Tree }[];
  if (first === undefined) return "";
  return first.expression.type === "StringLiteral" ? (first.expression.value as string) : null;
}

function collectCall(tree: Tree, place: Place): void {
  const namespace = translatorOf(tree.callee as Tree, place);
  const [first] = tree.arguments as { expression: Tree }[];
  if (namespace === undefined || first === undefined) return;
  const prefix = namespace === null ? "*" : namespace === "" ? "" : namespace;
  for (const key of keysOf(first.expression)) {
    if (key === null) place.used.dynamic.add(prefix);
    else place.used.keys.set(prefix === "" ? key : `${prefix}.${key}`, place.file);
  }
}

function translatorOf(callee: Tree, place: Place): string | null | undefined {
  if (callee.type === "MemberExpression") return translatorOf(callee.object as Tree, place);
  if (callee.type === "Identifier") {
    const scope = place.scopes.findLast((one) => one.has(callee.value as string));
    return scope?.get(callee.value as string);
  }
  return namespaceOf(callee);
}

/** Keys an expression may stand for; null: cannot be told. */
function keysOf(tree: Tree): (string | null)[] {
  switch (tree.type) {
    case "StringLiteral":
      return [tree.value as string];
    case "TemplateLiteral": {
      const parts = (tree.quasis as { cooked: string }[]).map(({ cooked }) => cooked);
      return [parts.join("*")];
    }
    case "ConditionalExpression":
      return [...keysOf(tree.consequent as Tree), ...keysOf(tree.alternate as Tree)];
    case "ParenthesisExpression":
    case "TsAsExpression":
    case "TsNonNullExpression":
      return keysOf(tree.expression as Tree);
    case "BinaryExpression":
      return tree.operator === "??" || tree.operator === "||"
        ? [...keysOf(tree.left as Tree), ...keysOf(tree.right as Tree)]
        : [null];
    default:
      return [null];
  }
}

function elementName(tree: Tree): string {
  return ((tree.opening as Tree).name as { value?: string }).value ?? "";
}

function collectLiteral(text: string, { file, used }: Place): void {
  const said = text.trim();
  if (/\p{L}{2,}/u.test(said) && !UNTRANSLATED.test(said)) used.literals.push(`${file}: ${said}`);
}
