import { readdirSync } from "node:fs";
import { join } from "node:path";

/** `npm run bench -- <name> [options]`: runs bench/<name>/main.ts, which prints a table and ends with one line of JSON. */
const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "support")
  .map((entry) => entry.name);
const [name, ...args] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run bench -- <${names.join("|")}> [options]`);
  process.exit(2);
}
const bench = (await import(join(import.meta.dirname, name, "main.ts"))) as {
  run: (args: string[]) => Promise<void>;
};
await bench.run(args);
