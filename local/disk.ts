import { statfsSync } from "node:fs";
import { OperatorError } from "../server/errors.ts";

const MIB = 1024 * 1024;

/** @throws OperatorError `disk_full` if less than `neededMib` is free where `folder` lies. */
export function requireDiskSpace(folder: string, neededMib: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const freeMib = Math.floor((bavail * bsize) / MIB);
  if (freeMib < neededMib) {
    throw new OperatorError(
      "disk_full",
      `Only ${freeMib} MiB are free on the disk of ${folder}, and at least ${neededMib} MiB are needed. Free some space there, or set SURELAY_DATA_DIR to a folder on another disk.`,
    );
  }
}

export function diskFull(folder: string, cause?: unknown): OperatorError {
  return new OperatorError(
    "disk_full",
    `The disk of ${folder} is full. Free some space there and start again (nothing that was confirmed is lost), or set SURELAY_DATA_DIR to a folder on another disk.`,
    { cause },
  );
}
