import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalPostgres, startPostgres } from "../../local/postgres.ts";
import { openTemporaryFolder } from "../../local/unprivileged-user.ts";
import { waitUntil } from "../../local/wait-until.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { createPool } from "../../server/db.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { silentLog } from "../../server/log.ts";
import { createApiKey } from "../../server/services/api-keys/create-api-key.ts";
import { migrate } from "../../server/store/migrate.ts";
import { declare } from "../support/messages.ts";
import { ApiClient } from "./api-client.ts";
import { startApiProcess } from "./start-api-process.ts";

/** A PostgreSQL of this file's own, to be killed. */
let folder: string;
let postgres: LocalPostgres;
let key: string;
const start = (port?: number) =>
  startPostgres({
    dataDir: join(folder, "postgres"),
    port,
    settings: { fsync: "off", full_page_writes: "off" },
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "surelay-faults-"));
  openTemporaryFolder(folder);
  postgres = await start();
  await migrate({
    url: postgres.url,
    folder: join(projectRoot(), "prisma/migrations"),
    lanes: 4,
    idPastSeconds: 86_400,
    partitionsAheadDays: 2,
  });
  const pool = createPool({ url: postgres.url, max: 1, name: "test", log: silentLog });
  await declare(pool);
  key = (await createApiKey(pool, { app: "orders", scopes: ["produce"], createdBy: "test" })).key;
  await pool.end();
});
afterAll(async () => {
  await postgres.stop({ immediate: true });
  rmSync(folder, { recursive: true, force: true });
});

/** Producers that prepare and confirm without pause, and remember what they were told. */
class Load {
  readonly prepared = new Set<string>();
  readonly confirmed = new Set<string>();
  readonly statuses = new Map<number, number>();
  /** Calls that got no answer at all. */
  lost = 0;
  #stopped = false;
  readonly #done: Promise<unknown>;

  constructor(client: ApiClient, producers: number) {
    this.#done = Promise.all(Array.from({ length: producers }, () => this.#produce(client)));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  count(status: number): number {
    return this.statuses.get(status) ?? 0;
  }

  async #produce(client: ApiClient): Promise<void> {
    while (!this.#stopped) {
      const id = newMessageId();
      const body = { id, topic: "orders.created", key: id.slice(-1), payload: { id } };
      if (!(await this.#tell(() => client.prepare(body)))) continue;
      this.prepared.add(id);
      if (await this.#tell(() => client.confirm(id))) this.confirmed.add(id);
    }
  }

  /** @returns whether the call was answered 2xx */
  async #tell(call: () => Promise<{ status: number }>): Promise<boolean> {
    try {
      const { status } = await call();
      this.statuses.set(status, this.count(status) + 1);
      return status < 300;
    } catch {
      this.lost++;
      return false;
    }
  }
}

/** What was acknowledged and does not stand in the store as it was acknowledged. */
async function missing(load: Load): Promise<string[]> {
  const pool = createPool({ url: postgres.url, max: 1, name: "test", log: silentLog });
  const { rows } = await pool.query<{ id: string; state: string }>(
    "SELECT s.id, s.state FROM message_state s JOIN message m ON m.id = s.id",
  );
  await pool.end();
  const states = new Map(rows.map((row) => [row.id, row.state]));
  return [
    ...[...load.prepared].filter((id) => !states.has(id)),
    ...[...load.confirmed].filter((id) => states.get(id) !== "READY"),
  ];
}

const within = (condition: () => boolean | Promise<boolean>) =>
  waitUntil(condition, { timeoutMs: 30_000, everyMs: 10 });

test("PostgreSQL killed under load: 503 meanwhile, nothing acknowledged is lost, no restart needed", async () => {
  const api = await startApiProcess(postgres.url);
  const client = new ApiClient(api.port, key);
  const load = new Load(client, 16);
  const ready = async () => (await client.call("/readyz", { key: null })).status;
  for (let round = 0; round < 3; round++) {
    const before = load.confirmed.size;
    expect(await within(() => load.confirmed.size > before + 300)).toBe(true);
    const failures = load.count(503);
    await postgres.kill();
    expect(await within(() => load.count(503) > failures + 20)).toBe(true);
    expect(await within(async () => (await ready()) === 503)).toBe(true);
    postgres = await start(postgres.port);
    expect(await within(async () => (await ready()) === 200)).toBe(true);
  }
  const before = load.confirmed.size;
  expect(await within(() => load.confirmed.size > before + 300)).toBe(true);
  await load.stop();
  client.close();
  expect(new Set(load.statuses.keys())).toEqual(new Set([200, 201, 503]));
  expect(load.lost).toBe(0);
  expect(await missing(load)).toEqual([]);
  expect(await api.stop()).toBe(0);
});

test("asked to stop under load: what was taken is answered, and the process ends well", async () => {
  const api = await startApiProcess(postgres.url);
  const client = new ApiClient(api.port, key);
  const load = new Load(client, 32);
  expect(await within(() => load.confirmed.size > 500)).toBe(true);
  const code = await api.stop();
  expect(await within(() => load.lost > 0)).toBe(true); // the port is closed now
  await load.stop();
  client.close();
  expect(code).toBe(0);
  expect(new Set(load.statuses.keys())).toEqual(new Set([200, 201]));
  expect(await missing(load)).toEqual([]);
  expect(api.log.some((line) => line.msg === "stopped")).toBe(true);
});

test("a request that never arrives does not hold up the stop", async () => {
  const api = await startApiProcess(postgres.url, { SURELAY_STOP_TIMEOUT_MS: "2000" });
  const socket = connect(api.port, "127.0.0.1");
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => undefined);
  socket.write(
    `POST /v1/messages/send HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 100\r\n\r\n{`,
  );
  await new Promise((resolve) => socket.once("data", resolve)); // "100 Continue": the request is being read
  expect(await api.stop()).toBe(0);
  await closed;
});
