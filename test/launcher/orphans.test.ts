import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Child, endChild, spawnChild } from "../../local/child.ts";
import { type ChildKind, INSTANCE_MARK, endOrphans, recordChild } from "../../local/orphans.ts";
import { isSameProcess, startTimeOf } from "../../local/process-info.ts";
import { waitUntil } from "../../local/wait-until.ts";
import { runProgram, scratchFolder } from "./run-program.ts";

/** A process that writes its name into `<folder>/order` when it is asked to end. */
async function spawnNoting(folder: string, name: string, env: Record<string, string> = {}): Promise<Child> {
  const script = join(import.meta.dirname, "programs", "note-its-end.mjs");
  const logFile = join(folder, `${name}.log`);
  const child = await spawnChild({
    command: process.execPath,
    args: [script, join(folder, "order"), name],
    cwd: folder,
    env: { ...process.env, ...env },
    logFile,
  });
  onTestFinished(async () => void (await endChild(child, "SIGKILL", 0)));
  await waitUntil(() => existsSync(logFile) && readFileSync(logFile, "utf8").includes("runs"), {
    timeoutMs: 20_000,
  });
  return child;
}

describe("what a killed launcher leaves behind", () => {
  test("its service is found by pid and start time, and asked to end", async () => {
    const folder = scratchFolder();
    const launcher = runProgram("supervise", folder);
    const service = Number(await launcher.line(/^\d+$/));
    const startTime = startTimeOf(service)!;
    launcher.process.kill("SIGKILL");
    await launcher.ended;
    expect(isSameProcess(service, startTime)).toBe(true);

    expect(await endOrphans(folder)).toEqual(["service"]);
    expect(isSameProcess(service, startTime)).toBe(false);
    expect(await endOrphans(folder)).toEqual([]);
  });

  test("a process that merely has a recorded pid is left alone", async () => {
    const folder = scratchFolder();
    const stranger = await spawnNoting(folder, "stranger");
    recordChild(folder, { ...stranger, startTime: "an earlier one" }, "service", "service");
    appendFileSync(join(folder, "processes.jsonl"), '{"pid": 12, "sta'); // killed in the middle of a line
    expect(await endOrphans(folder)).toEqual([]);
    expect(stranger.hasEnded()).toBe(false);
  });

  test("dependants end before what they depend on", async () => {
    const folder = scratchFolder();
    const kinds: ChildKind[] = ["kafka", "service", "example"];
    for (const kind of kinds) recordChild(folder, await spawnNoting(folder, kind), kind, kind);
    await endOrphans(folder);
    expect(readFileSync(join(folder, "order"), "utf8").split("\n")).toEqual([
      "example",
      "service",
      "kafka",
      "",
    ]);
  });

  test.runIf(process.platform === "linux")(
    "a process started but not yet recorded is known by its mark",
    async () => {
      const folder = scratchFolder();
      const unrecorded = await spawnNoting(folder, "unrecorded", { [INSTANCE_MARK]: folder });
      expect(await endOrphans(folder)).toEqual([`process ${unrecorded.pid}`]);
      expect(unrecorded.hasEnded() || !isSameProcess(unrecorded.pid, unrecorded.startTime)).toBe(true);
    },
  );
});
