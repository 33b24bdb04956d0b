import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findStatements, statementsOf } from "./support/find-statements.ts";

const ROOT = join(import.meta.dirname, "..");
/** Each runs on a pool of its own that knows one table: the text is made of the table's name and columns. */
const OF_A_TABLE = "server/sources/";

const namesOf = (source: string) =>
  statementsOf([{ file: "a.ts", source }]).map(({ name, constant }) => [name, constant]);

describe("a prepared statement's name belongs to one text", () => {
  const found = findStatements(ROOT, [
    "server",
    "workers",
    "sdk",
    "cli",
    "local",
    "bench",
    "examples",
    "app",
  ]);

  test("no two statements have one name", () => {
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter(({ name }) => name === null)).toEqual([]);
    const places = new Map<string, string[]>();
    for (const { name, file } of found) places.set(name!, [...(places.get(name!) ?? []), file]);
    expect([...places].filter(([, files]) => files.length > 1)).toEqual([]);
  });

  test("no statement's text hangs on what it is called with", () => {
    expect(found.filter(({ constant, file }) => !constant && !file.startsWith(OF_A_TABLE))).toEqual([]);
  });
});

describe("statements are found", () => {
  test("by names that are written, chosen, handed over or put together", () => {
    expect(
      namesOf(`
        const TEXT = "SELECT 1";
        function one(db) { return db.query({ name: "one", text: TEXT, values: [] }); }
        function run(db, name, text) { return db.query({ name, text }); }
        const two = (db) => run(db, "two", TEXT);
        async function either(db, name, text, fails) {
          await db.query({ name: fails ? \`\${name}-failing\` : name, text: fails ? text.failing : text.plain });
        }
        const three = (db) => either(db, "three", TEXT, true);
        const arrow = (db, name) => db.query({ name, text: TEXT });
        const four = (db) => arrow(db, "four");
        const unnamed = (db) => db.query({ text: TEXT });
      `),
    ).toEqual([
      ["one", true],
      ["two", true],
      ["three-failing", true],
      ["three", true],
      ["four", true],
    ]);
  });

  test("whatever their names and texts hang on", () => {
    expect(
      namesOf(`
        function a(db, ids) { return db.query({ name: "a", text: \`SELECT \${ids.length}\` }); }
        function b(db, ids) { const order = ids[0]; const text = "SELECT " + order; return db.query({ name: "b", text }); }
        function c(db) { const text = "SELECT 1"; return db.query({ name: "c", text }); }
        function d(db, { name }) { return db.query({ name, text: "SELECT 1" }); }
        const uncalled = { query(name) { return db.query({ name, text: "SELECT 1" }); } };
        function run(db, name, text) { return db.query({ name, text }); }
        function e(db, column) { return run(db, "e", "SELECT " + column); }
      `),
    ).toEqual([
      ["a", false],
      ["b", false],
      ["c", true],
      [null, true],
      [null, false],
      ["e", false],
    ]);
  });
});
