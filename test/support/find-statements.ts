import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { parseSync } from "@swc/core";

/** A prepared statement: an object with `name` and `text`, or one call of the function that such an object stands in. */
export interface FoundStatement {
  /** Null: it cannot be told from the source. */
  name: string | null;
  /** Its text hangs on nothing but what the module says once: whoever runs it under this name runs the same. */
  constant: boolean;
  file: string;
}

interface Tree {
  type?: string;
  span?: { start: number; end: number };
  [key: string]: unknown;
}

/** A function with what is declared in it: its parameters by their place, and its variables by what they begin as. */
interface Scope {
  name: string | null;
  params: string[];
  locals: Map<string, Tree | null>;
  outer: Scope | null;
}

interface Call {
  callee: string;
  args: Tree[];
  scope: Scope | null;
  file: string;
}

const NOTHING: Tree = {};

/** What the parameters of a function are in one call of it. */
type Given = Map<string, { value: Tree; scope: Scope | null }>;

/** All prepared statements of the sources in these folders. @param root the folder they stand in */
export function findStatements(root: string, folders: readonly string[]): FoundStatement[] {
  const sources = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|\.d\.ts$|^generated/.test(file))
      .map((file) => ({
        file: `${folder}/${file}`,
        source: readFileSync(join(root, folder, file), "utf8"),
      })),
  );
  return statementsOf(sources);
}

export function statementsOf(sources: readonly { file: string; source: string }[]): FoundStatement[] {
  const objects: { name: Tree; text: Tree; scope: Scope | null; file: string }[] = [];
  const calls: Call[] = [];
  /** By file and name: the file that it is imported from. */
  const imports = new Map<string, string>();
  for (const { file, source } of sources) {
    const visit = (node: unknown, scope: Scope | null, declared: string | null): void => {
      if (Array.isArray(node)) for (const one of node) visit(one, scope, declared);
      if (typeof node !== "object" || node === null || Array.isArray(node)) return;
      const tree = node as Tree;
      let inner = scope;
      if (Array.isArray(tree.params) && "body" in tree) {
        const params = (tree.params as (Tree & { pat?: Tree })[]).map((one) => nameOf(one.pat ?? one) ?? "");
        inner = { name: nameOf(tree.identifier) ?? declared, params, locals: new Map(), outer: scope };
        for (const name of identifiersOf(tree.params)) inner.locals.set(name, null);
      }
      const name = tree.type === "VariableDeclarator" ? nameOf(tree.id) : null;
      if (tree.type === "VariableDeclarator" && name === null)
        for (const part of identifiersOf(tree.id)) scope?.locals.set(part, null);
      else if (name !== null) scope?.locals.set(name, tree.init as Tree | null);
      if (tree.type === "ImportDeclaration")
        for (const name of identifiersOf(tree.specifiers))
          imports.set(`${file} ${name}`, basename((tree.source as { value: string }).value));
      if (tree.type === "ObjectExpression") {
        const [name, text] = [propertyOf(tree, "name"), propertyOf(tree, "text")];
        if (name && text) objects.push({ name, text, scope, file });
      }
      const callee = tree.type === "CallExpression" ? nameOf(tree.callee) : null;
      if (callee !== null) {
        const args = (tree.arguments as { expression: Tree }[]).map((one) => one.expression);
        calls.push({ callee, args, scope, file });
      }
      for (const [key, child] of Object.entries(tree)) if (key !== "span") visit(child, inner, name);
    };
    visit(parseSync(source, { syntax: "typescript", tsx: file.endsWith("x"), target: "es2022" }), null, null);
  }
  return objects.flatMap(({ name, text, scope, file }) => {
    const asks = scope?.params.some((param) => identifiersOf(name).includes(param)) ?? false;
    if (!asks) return judge(name, text, scope, new Map(), file);
    const callers = calls.filter(
      (call) =>
        call.callee === scope!.name &&
        (call.file === file || imports.get(`${call.file} ${call.callee}`) === basename(file)),
    );
    if (callers.length === 0) return [{ name: null, constant: false, file }];
    return callers.flatMap((call) => {
      const given = scope!.params.map(
        (param, n) => [param, { value: call.args[n] ?? NOTHING, scope: call.scope }] as const,
      );
      return judge(name, text, scope, new Map(given), call.file);
    });
  });
}

function judge(name: Tree, text: Tree, scope: Scope | null, given: Given, file: string): FoundStatement[] {
  if (name.type !== "ConditionalExpression")
    return [{ name: textOf(name, given), constant: isConstant(text, scope, given), file }];
  // A name for either case, and a text for either case of the same question.
  const same =
    text.type === "ConditionalExpression" &&
    nameOf(text.test) !== null &&
    nameOf(text.test) === nameOf(name.test);
  return (["consequent", "alternate"] as const).flatMap((way) =>
    judge(name[way] as Tree, same ? (text[way] as Tree) : text, scope, given, file),
  );
}

function textOf(tree: Tree, given: Given): string | null {
  if (tree.type === "StringLiteral") return tree.value as string;
  if (tree.type === "Identifier") {
    const known = given.get(tree.value as string);
    return known === undefined ? null : textOf(known.value, new Map());
  }
  if (tree.type !== "TemplateLiteral") return null;
  const parts = (tree.expressions as Tree[]).map((part) => textOf(part, given));
  if (parts.includes(null)) return null;
  return (tree.quasis as { cooked: string }[]).map(({ cooked }, n) => cooked + (parts[n] ?? "")).join("");
}

function isConstant(tree: Tree, scope: Scope | null, given: Given): boolean {
  return identifiersOf(tree).every((name) => {
    const known = given.get(name);
    if (known !== undefined) return isConstant(known.value, known.scope, new Map());
    let at = scope;
    while (at !== null && !at.locals.has(name)) at = at.outer;
    if (at === null) return true;
    const value = at.locals.get(name);
    return value ? isConstant(value, at, new Map()) : false;
  });
}

/** Names that stand for values in an expression: not those of an object's members. */
function identifiersOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(identifiersOf);
  if (typeof node !== "object" || node === null) return [];
  const tree = node as Tree;
  if (tree.type === "Identifier") return [tree.value as string];
  if (tree.type === "MemberExpression")
    return [
      ...identifiersOf(tree.object),
      ...((tree.property as Tree).type === "Identifier" ? [] : identifiersOf(tree.property)),
    ];
  return Object.entries(tree).flatMap(([key, child]) =>
    key === "span" || key === "typeAnnotation" || key === "key" ? [] : identifiersOf(child),
  );
}

function nameOf(node: unknown): string | null {
  const tree = node as Tree | null | undefined;
  return tree?.type === "Identifier" ? (tree.value as string) : null;
}

function propertyOf(object: Tree, name: string): Tree | undefined {
  for (const property of object.properties as Tree[]) {
    if (property.type === "Identifier" && property.value === name) return property;
    if (property.type === "KeyValueProperty" && nameOf(property.key) === name) return property.value as Tree;
  }
  return undefined;
}
