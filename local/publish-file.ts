import { copyFileSync, renameSync } from "node:fs";

/** Copies beside and renames, so that a reader sees the whole file or none. */
export function publishFile(from: string, to: string): void {
  const partial = `${to}.${process.pid}`;
  copyFileSync(from, partial);
  renameSync(partial, to);
}
