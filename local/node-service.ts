import { OperatorError } from "../server/errors.ts";
import { type Child, endChild, spawnChild } from "./child.ts";
import { diskFull } from "./disk.ts";
import { portInUse } from "./ports.ts";
import type { Running } from "./supervisor.ts";
import { tailFile } from "./tail-file.ts";
import { waitUntil } from "./wait-until.ts";

export interface NodeServiceOptions {
  name: string;
  /** The script to run with this Node. */
  script: string;
  args?: string[];
  cwd: string;
  env: Record<string, string | undefined>;
  logFile: string;
  /** Ready when a GET is answered 2xx or 3xx; without it, as soon as the process exists. */
  readyUrl?: string;
  /** The port it listens on and the variable that moves it, for the message when it is taken. */
  port?: { number: number; variable: string };
  readyTimeoutMs?: number;
  stopDeadlineMs?: number;
}

/**
 * Starts one of our own Node programs and waits until it answers.
 *
 * @throws OperatorError `port_in_use`, `disk_full`, `service_start` with the end of its log.
 */
export async function startNodeService(
  options: NodeServiceOptions,
  onSpawn?: (child: Child) => void,
): Promise<Running> {
  const child = await spawnChild({
    command: process.execPath,
    args: ["--enable-source-maps", options.script, ...(options.args ?? [])],
    cwd: options.cwd,
    env: options.env,
    logFile: options.logFile,
  });
  onSpawn?.(child);
  const { readyUrl } = options;
  if (readyUrl) {
    const ready = await waitUntil(() => Promise.race([answers(readyUrl), child.ended.then(() => true)]), {
      timeoutMs: options.readyTimeoutMs ?? 60_000,
      everyMs: 30,
    });
    if (!ready || child.hasEnded()) throw await startFault(options, child);
  }
  return {
    child,
    logFile: options.logFile,
    stop: async () => void (await endChild(child, "SIGTERM", options.stopDeadlineMs ?? 15_000)),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: "manual" });
    await response.arrayBuffer();
    return response.status < 400;
  } catch {
    return false;
  }
}

async function startFault(options: NodeServiceOptions, child: Child): Promise<OperatorError> {
  const over = child.hasEnded() ? await child.ended : undefined;
  if (!over) await endChild(child, "SIGKILL", 0);
  const tail = tailFile(options.logFile, 12);
  if (options.port && /EADDRINUSE/.test(tail))
    return portInUse(options.port.number, options.name, options.port.variable);
  if (/ENOSPC/.test(tail)) return diskFull(options.logFile);
  const how = over ? `ended with ${over.signal ?? `code ${over.code}`}` : "did not become ready";
  return new OperatorError(
    "service_start",
    `${options.name} ${how}. The end of its log ${options.logFile}:\n${tail}`,
  );
}
