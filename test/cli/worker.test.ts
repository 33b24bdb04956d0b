import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../../local/ports.ts";
import { childrenOf, startTimeOf } from "../../local/process-info.ts";
import { waitUntil } from "../../local/wait-until.ts";
import { endPrograms, startProgram } from "../shop/program.ts";
import { dist } from "../shop/stack.ts";
import { useDatabase } from "../support/database.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { buildBundles } from "./run-command.ts";

const database = useDatabase();
let port: number;
let healthPort: number;
beforeAll(async () => {
  await buildBundles();
  port = await freePort();
  healthPort = await freePort();
});
afterAll(endPrograms);

const startWorkers = (...names: string[]) =>
  startProgram(dist("cli.mjs"), ["worker", ...names], {
    DATABASE_URL: database.url,
    KAFKA_BROKERS: kafkaBootstrap(),
    SURELAY_ENV: `worker-${randomBytes(4).toString("hex")}`,
    SURELAY_API_PORT: String(port),
    SURELAY_WORKER_PORT: String(healthPort - 1), // of the first; the relay is the second
  });
const answers = (url: string) => () =>
  fetch(url).then(
    (r) => r.ok,
    () => false,
  );
const allServe = async () =>
  (await waitUntil(answers(`http://127.0.0.1:${port}/readyz`), { timeoutMs: 20_000 })) &&
  (await waitUntil(answers(`http://127.0.0.1:${healthPort}/healthz`), { timeoutMs: 20_000 }));
const isGone = (pid: number) => startTimeOf(pid) === null;

it("runs one worker as this very process", async () => {
  const worker = startWorkers("api");
  expect(await waitUntil(answers(`http://127.0.0.1:${port}/readyz`), { timeoutMs: 20_000 })).toBe(true);
  expect(childrenOf(worker.pid)).toEqual([]);
  expect((await worker.end("SIGTERM")).code).toBe(0);
});

it("runs several, and stops them all on one signal", async () => {
  const workers = startWorkers("api", "relay");
  expect(await allServe()).toBe(true);
  const children = childrenOf(workers.pid);
  expect(children).toHaveLength(2);
  expect((await workers.end("SIGTERM")).code).toBe(0);
  expect(children.every(isGone)).toBe(true);
});

it("stops all and fails when one of several dies", async () => {
  const workers = startWorkers("api", "relay");
  expect(await allServe()).toBe(true);
  const children = childrenOf(workers.pid);
  process.kill(children[1]!, "SIGKILL");
  expect(await workers.ended).toBe(1);
  expect(workers.output()).toContain("[worker_ended]");
  expect(children.every(isGone)).toBe(true);
});
