import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Child } from "./child.ts";
import {
  childrenOf,
  isSameProcess,
  parentOf,
  pidsWithEnvironment,
  sendSignal,
  startTimeOf,
} from "./process-info.ts";
import { waitUntil } from "./wait-until.ts";

/** What a child is decides when and how it is asked to end. */
export type ChildKind = "example" | "service" | "kafka" | "postgres" | "build";

interface ProcessRecord {
  pid: number;
  startTime: string;
  name: string;
  kind: ChildKind;
}

/** Every child carries this variable with the data folder as its value, and so do the children's children. */
export const INSTANCE_MARK = "_SURELAY_INSTANCE_FOLDER";

/** Dependants before what they depend on; the signal that means an orderly end to each. */
const ENDING: { kinds: ChildKind[]; signal: NodeJS.Signals; deadlineMs: number }[] = [
  { kinds: ["example", "build"], signal: "SIGTERM", deadlineMs: 5000 },
  { kinds: ["service"], signal: "SIGTERM", deadlineMs: 10_000 },
  { kinds: ["kafka"], signal: "SIGTERM", deadlineMs: 15_000 },
  { kinds: ["postgres"], signal: "SIGINT", deadlineMs: 30_000 },
];

/** Notes a child, in the moment it exists, for the next start to find should this process be killed. */
export function recordChild(dataDir: string, child: Child, name: string, kind: ChildKind): void {
  const record: ProcessRecord = { pid: child.pid, startTime: child.startTime, name, kind };
  appendFileSync(fileOf(dataDir), `${JSON.stringify(record)}\n`);
}

/**
 * Ends, in order, whatever a launcher that was killed has left running. Only with the folder's lock held: then no
 * living launcher owns these processes. A process is taken for an orphan only if pid and start time are those
 * recorded, or (Linux) if it carries this folder's mark, which covers a launcher killed between starting a child
 * and recording it.
 *
 * @returns names of the processes that were ended.
 */
export async function endOrphans(dataDir: string, onFound?: (names: string[]) => void): Promise<string[]> {
  const orphans = findOrphans(dataDir);
  if (orphans.length > 0) onFound?.(orphans.map((orphan) => orphan.name));
  for (const { kinds, signal, deadlineMs } of ENDING) {
    const batch = orphans.filter((orphan) => kinds.includes(orphan.kind));
    await Promise.all(batch.map((orphan) => endProcess(orphan, signal, deadlineMs)));
  }
  forgetChildren(dataDir);
  return orphans.map((orphan) => orphan.name);
}

/** Kills at once everything recorded or marked as this instance's. The last resort of a forced stop. */
export function killAll(dataDir: string): void {
  const marked = pidsWithEnvironment(INSTANCE_MARK, dataDir).filter((pid) => pid !== process.pid);
  const recorded = readRecords(dataDir).filter((r) => isSameProcess(r.pid, r.startTime));
  for (const pid of new Set([...recorded.flatMap((r) => [r.pid, ...childrenOf(r.pid)]), ...marked]))
    sendSignal(pid, "SIGKILL");
}

/** Everything has ended: nothing is left to recognise. */
export function forgetChildren(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

function findOrphans(dataDir: string): ProcessRecord[] {
  const recorded = readRecords(dataDir).filter((r) => isSameProcess(r.pid, r.startTime));
  const known = new Set(recorded.map((r) => r.pid));
  const marked = pidsWithEnvironment(INSTANCE_MARK, dataDir).filter((pid) => pid !== process.pid);
  const unrecorded = marked.filter((pid) => !known.has(pid) && !marked.includes(parentOf(pid) ?? 0));
  return [
    ...recorded,
    ...unrecorded.flatMap((pid): ProcessRecord[] => {
      const startTime = startTimeOf(pid);
      return startTime ? [{ pid, startTime, name: `process ${pid}`, kind: "service" }] : [];
    }),
  ];
}

async function endProcess(orphan: ProcessRecord, signal: NodeJS.Signals, deadlineMs: number): Promise<void> {
  const gone = () => !isSameProcess(orphan.pid, orphan.startTime);
  const children = childrenOf(orphan.pid).map((pid) => ({ pid, startTime: startTimeOf(pid) ?? "" }));
  if (!gone()) sendSignal(orphan.pid, signal);
  if (!(await waitUntil(gone, { timeoutMs: deadlineMs, everyMs: 20 }))) sendSignal(orphan.pid, "SIGKILL");
  // PostgreSQL's backends outlive a killed server for a moment, and hold its shared memory that long.
  const left = () => children.filter((child) => child.startTime && isSameProcess(child.pid, child.startTime));
  if (await waitUntil(() => gone() && left().length === 0, { timeoutMs: 5000, everyMs: 20 })) return;
  for (const child of left()) sendSignal(child.pid, "SIGKILL");
  await waitUntil(() => left().length === 0, { timeoutMs: 5000, everyMs: 20 });
}

function readRecords(dataDir: string): ProcessRecord[] {
  let text: string;
  try {
    text = readFileSync(fileOf(dataDir), "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as ProcessRecord];
    } catch {
      return []; // the last line of a launcher that was killed in the middle of it
    }
  });
}

function fileOf(dataDir: string): string {
  return join(dataDir, "processes.jsonl");
}
