import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** The last lines of a text file, read from its end; empty if it cannot be read. */
export function tailFile(file: string, lines: number, maxBytes = 16_384): string {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch {
    return "";
  }
  try {
    const size = fstatSync(fd).size;
    const buffer = Buffer.alloc(Math.min(size, maxBytes));
    readSync(fd, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } finally {
    closeSync(fd);
  }
}
