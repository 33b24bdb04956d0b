import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { OperatorError } from "../errors.ts";

/**
 * The folder this project stands in, found upwards from the running file: the same for sources, for the bundles in
 * dist/ and for a test. Not the working directory, which belongs to whoever calls.
 */
export function projectRoot(from: string = fileURLToPath(import.meta.url)): string {
  for (let dir = dirname(from); ; dir = dirname(dir)) {
    const file = join(dir, "package.json");
    if (existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "surelay")
      return dir;
    if (dir === dirname(dir))
      throw new OperatorError(
        "incomplete_installation",
        "The project's package.json is not found above the running file. Run from a complete checkout.",
      );
  }
}

/** The version in package.json. */
export function projectVersion(root: string = projectRoot()): string {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
}
