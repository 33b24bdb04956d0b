import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { openTemporaryFolder } from "../../local/unprivileged-user.ts";
import { projectRoot } from "../../server/config/project-root.ts";

export interface Program {
  process: ChildProcess;
  pid: number;
  /** Everything printed so far, stdout and stderr together. */
  output(): string;
  /** The first line, past or to come, that matches. Rejects when the program ends without it. */
  line(pattern: RegExp): Promise<string>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A folder for one test, removed after it; other users may pass through. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "surelay-launcher-"));
  openTemporaryFolder(folder);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a TypeScript program of test/launcher/programs. */
export function runProgram(name: string, ...args: string[]): Program {
  return follow("scripts/run-ts.mjs", [join("test", "launcher", "programs", `${name}.ts`), ...args]);
}

/** Runs the command line as an installation does. */
export function runSurelay(args: string[], env: Record<string, string> = {}): Program {
  return follow("bin/surelay.mjs", args, env);
}

function follow(script: string, args: string[], env: Record<string, string> = {}): Program {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: projectRoot(),
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => waiting.forEach((look) => look());
  let over = false;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      wake();
    });
  }
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once("close", (code, signal) => {
      over = true;
      wake();
      resolve({ code, signal });
    }),
  );
  const output = () => lines.join("\n");
  const line = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = lines.find((text) => pattern.test(text));
        if (found === undefined && !over) return;
        waiting.delete(look);
        if (found === undefined) reject(new Error(`ended without ${pattern}:\n${output()}`));
        else resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { process: child, pid: child.pid!, output, line, ended };
}
