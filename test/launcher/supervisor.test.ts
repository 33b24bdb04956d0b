import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startNodeService } from "../../local/node-service.ts";
import { INSTANCE_MARK } from "../../local/orphans.ts";
import { sendSignal, startTimeOf } from "../../local/process-info.ts";
import { type ServiceSpec, Supervisor } from "../../local/supervisor.ts";
import { waitUntil } from "../../local/wait-until.ts";
import { scratchFolder } from "./run-program.ts";

function noting(folder: string, name: string, stage: number): ServiceSpec {
  const logFile = join(folder, `${name}.log`);
  return {
    name,
    kind: "service",
    stage,
    start: async (onSpawn) => {
      const running = await startNodeService(
        {
          name,
          script: join(import.meta.dirname, "programs", "note-its-end.mjs"),
          args: [join(folder, "order"), name],
          cwd: folder,
          env: { ...process.env, [INSTANCE_MARK]: folder },
          logFile,
        },
        onSpawn,
      );
      await waitUntil(() => existsSync(logFile) && readFileSync(logFile, "utf8").includes("runs"), {
        timeoutMs: 20_000,
      });
      return running;
    },
  };
}

function supervise(folder: string): { supervisor: Supervisor; said: string[] } {
  const said: string[] = [];
  const supervisor = new Supervisor({ dataDir: folder, say: (text) => said.push(text), firstBackoffMs: 10 });
  onTestFinished(() => supervisor.force());
  return { supervisor, said };
}

describe("the supervisor", () => {
  test("stops in the reverse order of the stages, and leaves nothing recorded", async () => {
    const folder = scratchFolder();
    const { supervisor } = supervise(folder);
    for (const [name, stage] of [
      ["database", 0],
      ["worker", 1],
      ["example", 2],
    ] as const)
      await supervisor.start(noting(folder, name, stage));
    const pids = Object.values(supervisor.pids());
    expect(pids).toHaveLength(3);
    await Promise.all([supervisor.stop(), supervisor.stop()]);
    expect(readFileSync(join(folder, "order"), "utf8")).toBe("example\nworker\ndatabase\n");
    expect(pids.map(startTimeOf)).toEqual([null, null, null]);
    expect(existsSync(join(folder, "processes.jsonl"))).toBe(false);
  });

  test("starts a service that dies again, and says so with the end of its log", async () => {
    const folder = scratchFolder();
    const { supervisor, said } = supervise(folder);
    await supervisor.start(noting(folder, "worker", 1));
    const before = supervisor.pids().worker!;
    sendSignal(before, "SIGKILL");
    expect(await waitUntil(() => said.includes("worker runs again"), { timeoutMs: 20_000 })).toBe(true);
    expect(supervisor.pids().worker).not.toBe(before);
    expect(said[0]).toMatch(
      /worker was ended by SIGKILL; starting it again\. The end of .*worker\.log:\n +runs/,
    );
    await supervisor.stop();
    expect(supervisor.pids()).toEqual({});
  });

  test("ends a service that is still being started when a stop is asked for", async () => {
    const folder = scratchFolder();
    const { supervisor } = supervise(folder);
    let pid = 0;
    const never = supervisor.start({
      ...noting(folder, "slow", 1),
      start: async (onSpawn) => {
        const running = await noting(folder, "slow", 1).start(onSpawn);
        pid = running.child.pid;
        await running.child.ended;
        throw new Error("ended before it was ready");
      },
    });
    const outcome = expect(never).rejects.toThrow(/before it was ready/);
    await waitUntil(() => pid > 0, { timeoutMs: 20_000 });
    await supervisor.stop();
    await outcome;
    expect(startTimeOf(pid)).toBe(null);
    await expect(supervisor.start(noting(folder, "late", 1))).rejects.toThrow(/broken off/);
  });

  test("tells of a port that another program holds", async () => {
    const folder = scratchFolder();
    const { createServer } = await import("node:net");
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const script = `require("node:http").createServer().listen(${port}, "127.0.0.1")`;
    const start = startNodeService({
      name: "the API",
      script: "-e",
      args: [script],
      cwd: folder,
      env: { ...process.env },
      logFile: join(folder, "api.log"),
      readyUrl: `http://127.0.0.1:${port}/readyz`,
      port: { number: port, variable: "SURELAY_API_PORT" },
    });
    await expect(start).rejects.toMatchObject({
      code: "port_in_use",
      message: expect.stringMatching(/SURELAY_API_PORT/) as unknown,
    });
  });
});
