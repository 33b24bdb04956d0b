import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "../server/errors.ts";
import { isSameProcess, startTimeOf } from "./process-info.ts";

interface Holder {
  pid: number;
  startTime: string;
  released?: boolean;
}

export interface InstanceLock {
  /** Idempotent. Dying without it is fine: the lock is then stale. */
  release(): void;
}

const NAME = /^instance\.lock\.(\d+)$/;

/**
 * Locks a data folder for this process, before anything is started in it.
 *
 * A lock file names its holder by pid and start time, so that one left by a killed process, or by a process whose
 * pid another one has now, is recognised as stale. Each taking makes a new file, numbered one above the highest,
 * by link(2), which fails if that number exists: of two processes that find the same stale lock only one gets the
 * next number. (One file that is unlinked when stale, then created anew, lets a slow process unlink the lock of
 * the one that was faster.) The highest number is never deleted, so that no number is ever given twice.
 *
 * @throws OperatorError `instance_running`, naming the holder's pid; `folder_not_writable`
 */
export function lockFolder(folder: string): InstanceLock {
  const me: Holder = { pid: process.pid, startTime: startTimeOf(process.pid) ?? "" };
  const draft = join(folder, `instance.lock-draft-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(draft, JSON.stringify(me));
  } catch (cause) {
    throw notWritable(folder, cause);
  }
  try {
    const number = take(folder, draft);
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        writeFileSync(draft, JSON.stringify({ ...me, released: true }));
        renameSync(draft, fileOf(folder, number));
      },
    };
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether a living process holds the folder. */
export function isFolderLocked(folder: string): boolean {
  try {
    const highest = numbers(folder).at(-1);
    return highest !== undefined && isHeld(readHolder(folder, highest));
  } catch {
    return false; // no such folder
  }
}

function isHeld(holder: Holder | null): holder is Holder {
  return holder !== null && !holder.released && isSameProcess(holder.pid, holder.startTime);
}

function take(folder: string, draft: string): number {
  for (;;) {
    const highest = numbers(folder).at(-1) ?? 0;
    const holder = highest > 0 ? readHolder(folder, highest) : null;
    if (isHeld(holder)) {
      throw new OperatorError(
        "instance_running",
        `Another Surelay (process ${holder.pid}) is running with the data folder ${folder}. Stop it first (Ctrl-C in its terminal, or \`kill ${holder.pid}\`), or start this one with another folder and other ports: SURELAY_DATA_DIR, SURELAY_API_PORT, SURELAY_CONSOLE_PORT.`,
      );
    }
    const mine = highest + 1;
    try {
      linkSync(draft, fileOf(folder, mine));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue; // somebody was faster: look again
      throw notWritable(folder, error);
    }
    const all = numbers(folder);
    if (all.at(-1) !== mine) {
      // Our look was old: the number had been used and cleared away below a higher one.
      rmSync(fileOf(folder, mine), { force: true });
      continue;
    }
    for (const number of all) if (number < mine) rmSync(fileOf(folder, number), { force: true });
    return mine;
  }
}

function numbers(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => (NAME.test(name) ? [Number(NAME.exec(name)![1])] : []))
    .sort((a, b) => a - b);
}

function readHolder(folder: string, number: number): Holder | null {
  try {
    return JSON.parse(readFileSync(fileOf(folder, number), "utf8")) as Holder;
  } catch {
    return null; // cleared away by a later holder, or no lock of ours: the next look decides
  }
}

function fileOf(folder: string, number: number): string {
  return join(folder, `instance.lock.${number}`);
}

function notWritable(folder: string, cause: unknown): OperatorError {
  return new OperatorError(
    "folder_not_writable",
    `Surelay keeps its data in ${folder} and cannot write there (${(cause as Error).message}). Give this user the right to write it, or set SURELAY_DATA_DIR to a folder that can be written.`,
    { cause },
  );
}
