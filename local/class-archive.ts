import { createHash } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publishFile } from "./publish-file.ts";

/** The classes that a JVM has loaded, kept for the next one of the same Java, arguments and class path. */
export interface ClassArchive {
  /** Whether there is one, or this Java makes none. */
  isSettled(): boolean;
  /** JVM arguments that use it; none while it is not there. */
  use(): string[];
  /**
   * Keeps what a JVM that ran with `-XX:ArchiveClassesAtExit=<partial>` has left. A JVM that leaves nothing was built without
   * class archives: no fault, programs start slower, and it is not tried again.
   */
  keep(partial: string): void;
}

/** @param name of its file in `folder`. @param of all that it depends on */
export function classArchive(folder: string, name: string, of: readonly string[]): ClassArchive {
  const key = createHash("sha256").update(of.join("\n")).digest("hex").slice(0, 12);
  const archive = join(folder, `${name}-${key}.jsa`);
  const none = join(folder, `${name}-${key}.none`);
  return {
    isSettled: () => existsSync(archive) || existsSync(none),
    use: () =>
      existsSync(archive)
        ? [`-XX:SharedArchiveFile=${archive}`, "-Xshare:auto", "-Xlog:cds=off", "-Xlog:class+path=off"]
        : [],
    keep(partial) {
      if (existsSync(partial)) publishFile(partial, archive);
      else writeFileSync(none, "");
    },
  };
}
