#!/usr/bin/env node
import { readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

// npx surelay-producer ddl --dialect postgresql|mysql: prints the tables that the SDK wants in the business database.

const DIALECTS = ["postgresql", "mysql"];
const USAGE = `usage: npx surelay-producer ddl --dialect ${DIALECTS.join("|")} [--table barrier|outbox]

Prints the tables that Surelay's producer wants in your own database, as SQL. Add it to your migrations, or pipe it:
  npx surelay-producer ddl --dialect postgresql | psql "$DATABASE_URL"
  npx surelay-producer ddl --dialect mysql | mysql shop
The same files lie in the package's folder sql/.`;

/** The folder of the SQL files: beside the built package's esm/, and beside this file in the sources. */
const FOLDER = ["../../sql/", "./sql/"];

function main(): number {
  let options: { dialect?: string | undefined; table?: string | undefined; help?: boolean | undefined };
  let words: string[];
  try {
    ({ values: options, positionals: words } = parseArgs({
      allowPositionals: true,
      options: {
        dialect: { type: "string" },
        table: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }));
  } catch (error) {
    return fail((error as Error).message);
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  if (words.join(" ") !== "ddl") return fail(`there is no command "${words.join(" ")}"`);
  if (!options.dialect || !DIALECTS.includes(options.dialect))
    return fail(`--dialect is one of ${DIALECTS.join(", ")}`);
  const files = sqlFiles().filter(
    ({ table, dialect }) => dialect === options.dialect && (!options.table || table === options.table),
  );
  if (files.length === 0) return fail(`there is no table "${options.table}"`);
  console.log(files.map(({ url }) => readFileSync(url, "utf8").trim()).join("\n\n"));
  return 0;
}

/** `sql/<table>.<dialect>.sql` */
function sqlFiles(): { table: string; dialect: string; url: URL }[] {
  for (const place of FOLDER) {
    const folder = new URL(place, import.meta.url);
    const names = listFolder(folder);
    if (names.length > 0)
      return names.map((name) => {
        const [table = "", dialect = ""] = name.split(".");
        return { table, dialect, url: new URL(name, folder) };
      });
  }
  return [];
}

function listFolder(folder: URL): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".sql"))
      .sort();
  } catch {
    return [];
  }
}

function fail(why: string): number {
  console.error(`${why}\n\n${USAGE}`);
  return 2;
}

process.exitCode = main();
