import { readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const DIALECTS = ["postgresql", "mysql"];

/** The folder of the SQL files: beside the built package's esm/, and beside the command in the sources. */
const FOLDER = ["../../sql/", "./sql/"];

export interface DdlCommand {
  /** The package's name, which is the command's. */
  name: string;
  /** What its tables are for: `Surelay's producer`. */
  whose: string;
  tables: readonly string[];
  /** The command's `import.meta.url`. */
  url: string;
}

/**
 * `npx <package> ddl --dialect postgresql|mysql`: prints the tables that the package wants in the business's own database.
 *
 * @returns the process's exit code
 */
export function printDdl(command: DdlCommand): number {
  const usage = usageOf(command);
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
    return fail((error as Error).message, usage);
  }
  if (options.help) {
    console.log(usage);
    return 0;
  }
  if (words.join(" ") !== "ddl") return fail(`there is no command "${words.join(" ")}"`, usage);
  if (!options.dialect || !DIALECTS.includes(options.dialect))
    return fail(`--dialect is one of ${DIALECTS.join(", ")}`, usage);
  const files = sqlFiles(command.url).filter(
    ({ table, dialect }) => dialect === options.dialect && (!options.table || table === options.table),
  );
  if (files.length === 0) return fail(`there is no table "${options.table}"`, usage);
  console.log(files.map(({ url }) => readFileSync(url, "utf8").trim()).join("\n\n"));
  return 0;
}

function usageOf({ name, whose, tables }: DdlCommand): string {
  const choice = tables.length > 1 ? ` [--table ${tables.join("|")}]` : "";
  return `usage: npx ${name} ddl --dialect ${DIALECTS.join("|")}${choice}

Prints the tables that ${whose} wants in your own database, as SQL. Add it to your migrations, or pipe it:
  npx ${name} ddl --dialect postgresql | psql "$DATABASE_URL"
  npx ${name} ddl --dialect mysql | mysql shop
The same files lie in the package's folder sql/.`;
}

/** `sql/<table>.<dialect>.sql` */
function sqlFiles(from: string): { table: string; dialect: string; url: URL }[] {
  for (const place of FOLDER) {
    const folder = new URL(place, from);
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

function fail(why: string, usage: string): number {
  console.error(`${why}\n\n${usage}`);
  return 2;
}
