import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { INSTANCE_MARK, killAll } from "../../local/orphans.ts";
import { freePort } from "../../local/ports.ts";
import { isSameProcess, pidsWithEnvironment } from "../../local/process-info.ts";
import { waitUntil } from "../../local/wait-until.ts";
import { useDatabase } from "../support/database.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { type Program, runSurelay, scratchFolder } from "./run-program.ts";

interface Instance {
  folder: string;
  api: string;
  up: (extra?: Record<string, string>) => Program;
  processes: () => { pid: number; startTime: string; name: string }[];
}

async function instance(): Promise<Instance> {
  const folder = scratchFolder();
  const port = await freePort();
  const env = { SURELAY_DATA_DIR: folder, SURELAY_API_PORT: String(port), SURELAY_INSTANCE: `test-${port}` };
  onTestFinished(() => killAll(folder));
  return {
    folder,
    api: `http://127.0.0.1:${port}`,
    up: (extra = {}) => runSurelay(["up", "--no-console", "--no-example"], { ...env, ...extra }),
    processes: () =>
      readFileSync(join(folder, "processes.jsonl"), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { pid: number; startTime: string; name: string }),
  };
}

const ready = (program: Program) => program.line(/Surelay is ready/);
const left = (folder: string) => pidsWithEnvironment(INSTANCE_MARK, folder);

// Whole instances, on whatever machine this is: what takes 9 s alone takes 30 s beside other work.
describe("surelay up", { timeout: 150_000 }, () => {
  const database = useDatabase();
  const configured = () => ({ DATABASE_URL: database.url, KAFKA_BROKERS: kafkaBootstrap() });

  test("starts, refuses a second one in its folder, survives SIGKILL, and leaves no process behind", async () => {
    const { folder, api, up, processes } = await instance();
    const first = up();
    await ready(first);
    expect((await fetch(`${api}/readyz`)).status).toBe(200);
    expect(processes().map((p) => p.name)).toEqual(
      expect.arrayContaining(["postgres", "kafka", "api", "relay"]),
    );

    const second = up();
    expect((await second.ended).code).toBe(1);
    expect(second.output()).toMatch(new RegExp(`process ${first.pid}\\b.*\\[instance_running\\]`));

    const doctor = runSurelay(["doctor", "--json"], { SURELAY_DATA_DIR: folder });
    expect((await doctor.ended).code, doctor.output()).toBe(0);
    expect(JSON.parse(doctor.output().slice(doctor.output().indexOf("{")))).toMatchObject({ ok: true });

    first.process.kill("SIGKILL");
    await first.ended;
    const orphans = processes();
    expect(orphans.every((p) => isSameProcess(p.pid, p.startTime))).toBe(true);

    const third = up();
    await ready(third);
    expect(third.output()).toMatch(/interrupted run left behind: .*postgres/);
    expect(orphans.some((p) => isSameProcess(p.pid, p.startTime))).toBe(false);
    expect((await fetch(`${api}/readyz`)).status).toBe(200);

    // As `npm start` does it: one Ctrl-C arrives twice.
    third.process.kill("SIGINT");
    third.process.kill("SIGINT");
    expect(await third.ended).toEqual({ code: 0, signal: null });
    expect(third.output()).toMatch(/everything has stopped/);
    expect(left(folder)).toEqual([]);
  });

  test("starts a worker that dies again; a second signal kills what does not stop", async () => {
    const { folder, up, processes } = await instance();
    const program = up(configured());
    await ready(program);
    const relay = processes().find((p) => p.name === "relay")!;
    process.kill(relay.pid, "SIGKILL");
    await program.line(/relay was ended by SIGKILL; starting it again/);
    await program.line(/relay runs again/);

    const again = processes().findLast((p) => p.name === "relay")!;
    process.kill(again.pid, "SIGSTOP"); // it will not answer a SIGTERM
    program.process.kill("SIGINT");
    await program.line(/stopping everything in order/);
    // The second one counts once it cannot be the same keypress any more.
    await waitUntil(() => !program.process.kill("SIGINT") || /killing everything/.test(program.output()), {
      timeoutMs: 10_000,
      everyMs: 100,
    });
    expect((await program.ended).code).toBe(1);
    expect(await waitUntil(() => left(folder).length === 0, { timeoutMs: 20_000 })).toBe(true);
  });

  test("uses the database and the broker that are configured, and starts none", async () => {
    const { up, processes } = await instance();
    const program = up(configured());
    await ready(program);
    expect(processes().map((p) => p.name)).not.toEqual(expect.arrayContaining(["postgres"]));
    expect(program.output()).toMatch(/\(DATABASE_URL\)[\s\S]*\(KAFKA_BROKERS\)/);
    expect(program.output()).not.toContain(new URL(inject("postgresUrl")).password);
    program.process.kill("SIGTERM");
    expect((await program.ended).code).toBe(0);
  });

  test.for<
    [fault: string, code: string, env: () => Promise<Record<string, string>> | Record<string, string>]
  >([
    [
      "a wrong password",
      "database_sign_in",
      () => ({ DATABASE_URL: altered((url) => (url.password = "guess")) }),
    ],
    [
      "a missing database",
      "database_missing",
      () => ({ DATABASE_URL: altered((url) => (url.pathname = "/nowhere")) }),
    ],
    [
      "an unreachable database",
      "database_unreachable",
      () => ({ DATABASE_URL: altered((url) => (url.port = "1")) }),
    ],
    [
      "an unreachable broker",
      "broker_unreachable",
      () => ({ DATABASE_URL: inject("postgresUrl"), KAFKA_BROKERS: "127.0.0.1:1" }),
    ],
    ["a port in use", "port_in_use", async () => ({ SURELAY_API_PORT: String(await takenPort()) })],
    ["no Java", "no_java", () => ({ JAVA_HOME: "/nowhere" })],
    ["a mistyped setting", "bad_configuration", () => ({ SURELAY_API_PROT: "4000" })],
    [
      "a folder that cannot be made",
      "folder_not_writable",
      () => ({ SURELAY_DATA_DIR: join(process.execPath, "data") }),
    ],
  ])("says what to do about %s", async ([, code, env]) => {
    const { folder, up } = await instance();
    const program = up(await env());
    expect((await program.ended).code).toBe(1);
    expect(program.output()).toMatch(new RegExp(`^surelay: .*\\[${code}\\]$`, "ms"));
    expect(program.output()).not.toMatch(/^ +at /m); // no stack trace
    expect(left(folder)).toEqual([]);
  });
});

function altered(change: (url: URL) => void): string {
  const url = new URL(inject("postgresUrl"));
  change(url);
  return url.href;
}

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  return (server.address() as AddressInfo).port;
}
