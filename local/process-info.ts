import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { bareEnvironment } from "./bare-environment.ts";

const LINUX = process.platform === "linux";

/**
 * When a process started, as an opaque text that differs between any two processes which had the same pid.
 * Linux: clock ticks since boot, with the boot's id; elsewhere: what `ps -o lstart` says.
 *
 * @returns null if there is no such process, or if it has ended and only waits to be reaped.
 */
export function startTimeOf(pid: number): string | null {
  if (!LINUX) return startTimeByPs(pid);
  const stat = readStat(pid);
  if (!stat || stat.state === "Z" || stat.state === "X") return null;
  return `${bootId()}/${stat.startTicks}`;
}

/** Whether this very process, not a later one with the same pid, still runs. */
export function isSameProcess(pid: number, startTime: string): boolean {
  return startTimeOf(pid) === startTime;
}

/** Pids of the direct children of a process. */
export function childrenOf(parent: number): number[] {
  if (!LINUX) {
    const lines = ps(["-A", "-o", "pid=,ppid="]).split("\n");
    return lines
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid, ppid]) => (ppid === parent && pid ? [pid] : []));
  }
  return allPids().filter((pid) => readStat(pid)?.parent === parent);
}

/**
 * Pids of the processes that were started with `name=value` in their environment (children inherit it).
 * Linux only, and only processes of the same user (all of them for root); elsewhere the list is empty.
 */
export function pidsWithEnvironment(name: string, value: string): number[] {
  if (!LINUX) return [];
  const wanted = `\0${name}=${value}\0`;
  return allPids().filter((pid) => {
    try {
      return (
        `\0${readFileSync(`/proc/${pid}/environ`, "utf8")}`.includes(wanted) && startTimeOf(pid) !== null
      );
    } catch {
      return false; // gone meanwhile, or not ours
    }
  });
}

/** Sends a signal; a process that is gone already is not an error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The parent's pid, or null if there is no such process. */
export function parentOf(pid: number): number | null {
  if (LINUX) return readStat(pid)?.parent ?? null;
  const parent = Number(ps(["-p", String(pid), "-o", "ppid="]).trim());
  return parent > 0 ? parent : null;
}

function allPids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readStat(pid: number): { state: string; parent: number; startTicks: string } | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // The second field is the command in brackets and may itself hold spaces and brackets.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", parent: Number(fields[1]), startTicks: fields[19] ?? "" };
}

let cachedBootId: string | undefined;
function bootId(): string {
  return (cachedBootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
}

function startTimeByPs(pid: number): string | null {
  const [state, ...started] = ps(["-p", String(pid), "-o", "state=,lstart="])
    .trim()
    .split(/\s+/);
  return !state || state.startsWith("Z") ? null : started.join(" ");
}

function ps(args: string[]): string {
  try {
    return execFileSync("ps", args, {
      encoding: "utf8",
      env: bareEnvironment(),
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return ""; // ps exits with 1 when nothing matches
  }
}
