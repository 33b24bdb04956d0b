import { spawn } from "node:child_process";
import { waitUntil } from "../../local/wait-until.ts";
import { projectRoot } from "../../server/config/project-root.ts";

/** A program of ours that runs beside the test. */
export interface Program {
  pid: number;
  /** What it wrote so far, standard output and error. */
  output(): string;
  /** Waits for a text in its output. @throws Error with the output, when it ends or a time passes without it */
  says(text: string | RegExp, timeoutMs?: number): Promise<void>;
  /** Sends a signal and waits for the end. @returns the exit code, null after SIGKILL, and how long it took */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; ms: number }>;
  ended: Promise<number | null>;
}

const running = new Set<Program>();

/** Starts a script with this Node and nothing of this process's environment but the given one. */
export function startProgram(script: string, args: string[], env: Record<string, string>): Program {
  const child = spawn(process.execPath, ["--enable-source-maps", script, ...args], {
    cwd: projectRoot(),
    env: { NODE_ENV: "production", PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let over = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const ended = new Promise<number | null>((resolve) =>
    child.once("close", (code) => {
      over = true;
      running.delete(program);
      resolve(code);
    }),
  );
  const program: Program = {
    pid: child.pid!,
    output: () => output,
    ended,
    async says(text, timeoutMs = 30_000) {
      const said = () => (typeof text === "string" ? output.includes(text) : text.test(output));
      await waitUntil(() => over || said(), { timeoutMs });
      if (!said()) throw new Error(`${script} ${args.join(" ")} never said ${text}:\n${output.slice(-4000)}`);
    },
    async end(signal) {
      const started = performance.now();
      if (!over) child.kill(signal);
      return { code: await ended, ms: performance.now() - started };
    },
  };
  running.add(program);
  return program;
}

/** Ends whatever a failed test left running. */
export async function endPrograms(): Promise<void> {
  await Promise.all([...running].map((program) => program.end("SIGKILL")));
}
