import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The clone's root folder: the nearest one above this file that holds package.json. Found by looking, because the
 * bundled command line lies at another depth than its source.
 */
export const ROOT: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) || !existsSync(join(folder, "local"))) {
    if (folder === dirname(folder)) throw new Error("Surelay's root folder was not found");
    folder = dirname(folder);
  }
  return folder;
})();

/** Downloads and what is made from them, shared by all instances of this clone; safe to delete when none runs. */
export function cacheFolder(): string {
  return resolve(process.env.SURELAY_CACHE_DIR || join(ROOT, ".surelay", "cache"));
}
