import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder, found upwards from this file: the same for sources and for the bundles in dist/. */
export function rootFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const file = join(folder, "package.json");
    if (existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "surelay")
      return folder;
    if (folder === dirname(folder))
      throw new Error("Surelay's own folder was not found above the running file");
    folder = dirname(folder);
  }
}

/** Downloads and what is made from them, shared by all instances of this clone; safe to delete when none runs. */
export function cacheFolder(): string {
  return resolve(process.env.SURELAY_CACHE_DIR || join(rootFolder(), ".surelay", "cache"));
}
