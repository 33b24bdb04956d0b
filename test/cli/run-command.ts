import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../server/config/project-root.ts";

const execute = promisify(execFile);

/** Builds dist/, what is run in production; does nothing when it is up to date. */
export async function buildBundles(): Promise<void> {
  const root = projectRoot();
  await execute(process.execPath, [join(root, "scripts/build.mjs"), "bundles", "--quiet"], { cwd: root });
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the real command line in a process of its own, with nothing of this process's settings but the given ones. */
export async function runCommand(
  args: string[],
  env: Record<string, string> = {},
  input = "",
): Promise<Finished> {
  const root = projectRoot();
  const child = spawn(process.execPath, [join(root, "dist/cli.mjs"), ...args], {
    cwd: root,
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH,
      SURELAY_DATA_DIR: "/nonexistent/surelay",
      ...env,
    },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}
