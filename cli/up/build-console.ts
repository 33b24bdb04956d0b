import { join } from "node:path";
import { spawnChild } from "../../local/child.ts";
import type { Supervisor } from "../../local/supervisor.ts";
import { tailFile } from "../../local/tail-file.ts";
import { OperatorError } from "../../server/errors.ts";
import type { DataFolder } from "./data-folder.ts";
import type { Progress } from "./progress.ts";

/** Longer than this means that it is being built, not just found to be current. */
const LOOK_MS = 1500;
const BEAT_MS = 15_000;

/**
 * Builds the console if its sources changed since it was last built, in a process of its own.
 *
 * @throws OperatorError `console_build` with the end of the builder's output.
 */
export async function buildConsole(
  root: string,
  folder: DataFolder,
  supervisor: Supervisor,
  progress: Progress,
): Promise<void> {
  const logFile = folder.logFile("console-build");
  const child = await spawnChild({
    command: process.execPath,
    args: [join(root, "scripts", "build.mjs"), "console"],
    cwd: root,
    env: { ...process.env },
    logFile,
  });
  supervisor.record(child, "console build", "build");
  const look = setTimeout(
    () => progress.say("building the console, which takes a minute or so the first time"),
    LOOK_MS,
  );
  const beat = setInterval(
    () => progress.say(`still building the console (its output goes to ${logFile})`),
    BEAT_MS,
  );
  const { code } = await child.ended;
  clearTimeout(look);
  clearInterval(beat);
  if (code !== 0) {
    throw new OperatorError(
      "console_build",
      `The console could not be built. The end of ${logFile}:\n${tailFile(logFile, 15)}`,
    );
  }
}
