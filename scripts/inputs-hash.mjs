// Whether a build step's inputs changed since it last ran: by content, since a checkout touches times and a copy of the
// folder keeps none of them right.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const SKIPPED = new Set(["node_modules", ".next", "dist", ".surelay", "generated"]);
const TEST = /\.(test|spec)\.tsx?$/;

/**
 * @param {string} root the project's folder
 * @param {string[]} inputs files and folders below it; what does not exist counts as absent
 * @param {string[]} also texts that decide about the result as well
 * @returns {string} 24 hexadecimal digits
 */
export function hashInputs(root, inputs, also = []) {
  const hash = createHash("sha256");
  for (const text of also) hash.update(text).update("\0");
  const add = (path) => {
    const full = join(root, path);
    const stat = statSync(full, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(full).sort()) if (!SKIPPED.has(name)) add(join(path, name));
    } else if (stat.isFile() && !TEST.test(path)) {
      hash.update(path).update("\0").update(readFileSync(full)).update("\0");
    }
  };
  inputs.forEach(add);
  return hash.digest("hex").slice(0, 24);
}

/** @returns {boolean} whether `product` exists and `stamp` says that it was made from inputs of this hash */
export function isCurrent(product, stamp, hash) {
  return existsSync(product) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
}

export function writeStamp(stamp, hash) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}
