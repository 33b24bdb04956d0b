import { beforeEach, expect, test } from "vitest";
import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { readBoard } from "../../server/services/workers/read-board.ts";
import { useDatabase } from "../support/database.ts";
import { declare } from "../support/messages.ts";
import { subscribe } from "../support/subscriptions.ts";

const db = useDatabase();

beforeEach(async () => {
  await db.pool.query("TRUNCATE worker_instance, topic, app CASCADE");
});

/** Answers are shared by pool for half a second; a pool of one's own sees the present. */
async function look() {
  const pool = createPool({ url: db.url, max: 4, name: "look", log: silentLog });
  try {
    return await readBoard(pool);
  } finally {
    await pool.end();
  }
}

const start = (kinds: readonly string[], detail: object = {}) =>
  db.pool.query(
    `INSERT INTO worker_instance (kind, name, host, pid, version, started_at, heartbeat_at, detail)
     SELECT kind, 'vm', 'vm', 1, '1.0.0', now(), now(), $2 FROM unnest($1::text[]) AS kind`,
    [kinds, detail],
  );

test("processes that serve subscriptions are missed once somebody subscribes in their mode", async () => {
  await start(["api", "relay", "confirm", "recover", "sweep"]);
  expect((await look()).missing).toEqual([]);
  await declare(db.pool, { topic: "orders" });
  const wanted: [Parameters<typeof subscribe>[1], string[]][] = [
    [{ topic: "orders", name: "nobody", ack: "none" }, []],
    [{ topic: "orders", name: "shipping" }, ["ack"]],
    [{ topic: "orders", name: "books", ack: "offset" }, ["ack"]],
    [
      { topic: "orders", name: "hook", ack: "webhook", webhook: { url: "http://127.0.0.1:9/" } },
      ["ack", "notify"],
    ],
  ];
  for (const [draft, missing] of wanted) {
    await subscribe(db.pool, draft);
    expect((await look()).missing).toEqual(missing);
  }
  await start(["ack", "notify"]);
  expect((await look()).missing).toEqual([]);
});

test("an ack tells what it passed over; what another version tells is left out", async () => {
  const lastRefused = {
    at: "2026-03-01T12:00:00.000Z",
    partition: 2,
    offset: "7",
    code: "validation_failed",
    detail: "The record is not JSON.",
  };
  const topic = { applied: 5, poison: 1, refused: 0, lastRefused, partitions: [0, 1], fault: null };
  const acks = async (told: object) => {
    await db.pool.query("TRUNCATE worker_instance");
    await start(["ack"], told);
    return (await look()).instances[0]!.acks;
  };
  expect(await acks({ topic })).toEqual({ applied: 5, poison: 1, refused: 0, lastRefused });
  expect(await acks({ topic: { ...topic, lastRefused: { code: 7 } } })).toMatchObject({ lastRefused: null });
  expect(await acks({ topic: { poison: "1" } })).toBeNull();
  expect(await acks({ topic: null })).toBeNull();
  expect(await acks({})).toBeNull();
});
