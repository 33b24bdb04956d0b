import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isFolderLocked, lockFolder } from "../../local/instance-lock.ts";
import { startTimeOf } from "../../local/process-info.ts";
import { runProgram, scratchFolder } from "./run-program.ts";

const locks = (folder: string) => readdirSync(folder).filter((name) => name.startsWith("instance.lock"));

describe("the lock of a data folder", () => {
  test("is refused while another process holds it, with that process' pid", async () => {
    const folder = scratchFolder();
    const holder = runProgram("hold-lock", folder);
    await holder.line(/^held/);
    expect(isFolderLocked(folder)).toBe(true);
    expect(() => lockFolder(folder)).toThrow(new RegExp(`process ${holder.pid}\\b`));
    expect(locks(folder)).toHaveLength(1);
  });

  test("is free again when its holder was killed with SIGKILL", async () => {
    const folder = scratchFolder();
    const holder = runProgram("hold-lock", folder);
    await holder.line(/^held/);
    holder.process.kill("SIGKILL");
    await holder.ended;
    expect(isFolderLocked(folder)).toBe(false);
    const lock = lockFolder(folder);
    expect(isFolderLocked(folder)).toBe(true);
    lock.release();
    lock.release();
    expect(isFolderLocked(folder)).toBe(false);
  });

  test("is free when its holder's pid belongs to a later process", () => {
    const folder = scratchFolder();
    const someoneElse = { pid: process.ppid, startTime: "an earlier one" };
    writeFileSync(join(folder, "instance.lock.7"), JSON.stringify(someoneElse));
    lockFolder(folder).release();
    expect(locks(folder)).toEqual(["instance.lock.8"]);
  });

  test("is held when pid and start time are a living process'", () => {
    const folder = scratchFolder();
    const other = { pid: process.ppid, startTime: startTimeOf(process.ppid) };
    writeFileSync(join(folder, "instance.lock.7"), JSON.stringify(other));
    expect(() => lockFolder(folder)).toThrow(/is running/);
  });

  test("goes to exactly one of many processes that find it stale at the same time", async () => {
    const folder = scratchFolder();
    writeFileSync(
      join(folder, "instance.lock.1"),
      JSON.stringify({ pid: process.pid, startTime: "long ago" }),
    );
    const racers = Array.from({ length: 8 }, () => runProgram("hold-lock", folder));
    const said = await Promise.all(racers.map((racer) => racer.line(/./)));
    expect(said.filter((line) => line === "held")).toHaveLength(1);
    expect(said.filter((line) => line === "instance_running")).toHaveLength(7);
    expect(locks(folder)).toHaveLength(1);
  });
});
