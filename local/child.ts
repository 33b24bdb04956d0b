import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { OperatorError } from "../server/errors.ts";
import { sendSignal, startTimeOf } from "./process-info.ts";
import { waitUntil } from "./wait-until.ts";

/** A process of ours that runs in its own process group and writes to a file. */
export interface Child {
  pid: number;
  startTime: string;
  /** Resolves once, when the process has ended. Never rejects. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  hasEnded(): boolean;
}

export interface SpawnOptions {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string | undefined>;
  /** stdout and stderr are appended here: output to a pipe would kill the child when we are killed. */
  logFile: string;
  uid?: number;
  gid?: number;
}

/**
 * Starts a child in a session of its own, so that Ctrl-C in the terminal reaches us alone and we end our
 * children in order.
 *
 * @throws OperatorError `cannot_start` if the program cannot be executed.
 */
export async function spawnChild(options: SpawnOptions): Promise<Child> {
  const log = openSync(options.logFile, "a", 0o600);
  let child: ChildProcess;
  try {
    child = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: options.env as NodeJS.ProcessEnv,
      uid: options.uid,
      gid: options.gid,
      detached: true,
      stdio: ["ignore", log, log],
    });
  } finally {
    closeSync(log);
  }
  let over = false;
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once("exit", (code, signal) => {
      over = true;
      resolve({ code, signal });
    }),
  );
  if (child.pid === undefined) {
    const cause = await new Promise<Error>((resolve) => child.once("error", resolve));
    throw new OperatorError("cannot_start", `Cannot run ${options.command}: ${cause.message}.`, { cause });
  }
  // Read before anything else is awaited: the exit cannot have been reaped yet, so the pid is still its own.
  const startTime = startTimeOf(child.pid) ?? "ended";
  return { pid: child.pid, startTime, ended, hasEnded: () => over };
}

/**
 * Asks with `signal`, waits for the end, and kills after `deadlineMs`.
 *
 * @returns false if it had to be killed.
 */
export async function endChild(child: Child, signal: NodeJS.Signals, deadlineMs: number): Promise<boolean> {
  if (child.hasEnded()) return true;
  sendSignal(child.pid, signal);
  if (await waitUntil(() => child.hasEnded(), { timeoutMs: deadlineMs, everyMs: 5 })) return true;
  sendSignal(child.pid, "SIGKILL");
  await child.ended;
  return false;
}
