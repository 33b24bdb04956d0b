// node scripts/run-ts.mjs <file.ts> [arguments…]: runs a TypeScript entry point from source, as npm scripts need it.
// One process, not a wrapper around one: signals and the exit status are the program's own.
import { register } from "tsx/esm/api";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [file, ...rest] = process.argv.slice(2);
if (!file) {
  console.error("usage: node scripts/run-ts.mjs <file.ts> [arguments…]");
  process.exit(2);
}
const entry = resolve(file);
process.argv = [process.execPath, entry, ...rest];
register();
await import(pathToFileURL(entry).href);
