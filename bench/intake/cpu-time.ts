import { readFileSync } from "node:fs";
import { childrenOf } from "../../local/process-info.ts";

/** CPU seconds a process has used; NaN where the system does not tell (anywhere but Linux). Ticks are 1/100 s. */
export function cpuSeconds(pid: number): number {
  const fields = statOf(pid);
  return fields ? (Number(fields[11]) + Number(fields[12])) / 100 : Number.NaN;
}

/** CPU seconds of a PostgreSQL server with all its backends, those that have ended included. */
export function cpuSecondsOfTree(pid: number): number {
  const fields = statOf(pid);
  if (!fields) return Number.NaN;
  const ended = (Number(fields[13]) + Number(fields[14])) / 100;
  return childrenOf(pid).reduce((sum, child) => sum + (cpuSeconds(child) || 0), cpuSeconds(pid) + ended);
}

/** The fields of /proc/<pid>/stat after the process's name, which may hold blanks. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
