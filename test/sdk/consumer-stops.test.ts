import { connect } from "node:net";
import { expect, test } from "vitest";
import { eventually, gate, groupOf, useConsumers } from "./consumer/use-consumers.ts";

const site = useConsumers();

test("a stop lets what is in hand end, and commits it; the rest is read by whoever is next", async () => {
  const topics = await site.topics(1);
  const slow = gate();
  const ids = await topics.send(Array.from({ length: 10 }, () => ({ key: "C-1" })));
  const first = site.start(topics, {
    after: async ({ id }) => {
      if (id === ids[3]) await slow.opened;
    },
  });
  await eventually(() => first.begun.length === 4);
  const stopped = first.stop();
  slow.open();
  await stopped;
  expect(first.begun).toEqual(ids.slice(0, 4));
  expect(site.receiver.items).toHaveLength(4);
  expect(await topics.lag(groupOf(topics))).toBe(6);
  // In peace: nobody takes its records for suspects.
  const { rows } = await site.database.pool.query("SELECT 1 FROM surelay_inbox_reach");
  expect(rows).toEqual([]);
  const second = site.start(topics);
  await eventually(() => site.receiver.items.length === 10);
  expect(second.begun).toEqual(ids.slice(4));
});

test("a stop does not wait for a handler beyond its time, and tells it", async () => {
  const topics = await site.topics(1);
  const slow = gate();
  const [id] = await topics.send([{}]);
  const first = site.start(topics, { after: () => slow.opened });
  await eventually(() => first.begun.length === 1);
  await first.consumer.stop(300);
  expect(await topics.lag(groupOf(topics))).toBe(1);
  const second = site.start(topics);
  // It waits at the inbox row, for as long as the first one's transaction is open.
  await eventually(async () => (await countWaiting()) > 0);
  expect(second.begun).toEqual([]);
  slow.open();
  await eventually(() => site.receiver.of(id!).length >= 1);
  await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
  expect(await site.effects(id!)).toBe(1);
});

test.each([
  ["ApiVersions", 18],
  ["JoinGroup", 11],
  ["SyncGroup", 14],
])("a stop while its start waits for %s leaves no member behind", async (_, call) => {
  const topics = await site.topics(4);
  let asked = false;
  const early = site.start(topics, {
    kafka: {
      socketFactory: ({ host, port, onConnect }) => {
        const socket = connect({ host, port }, onConnect);
        const write = socket.write.bind(socket);
        socket.write = ((request: Buffer) => {
          if (request.readInt16BE(4) === call && !asked) void early.stop();
          asked ||= request.readInt16BE(4) === call;
          return write(request);
        }) as typeof socket.write;
        return socket;
      },
    },
  });
  await eventually(() => asked);
  await early.stop();
  const ids = await topics.send([0, 1, 2, 3].map((partition) => ({ partition })));
  const next = site.start(topics);
  // What a member holds that handles nothing would never come.
  await eventually(() => next.begun.length === 4);
  expect([...next.begun].sort()).toEqual([...ids].sort());
  expect(early.begun).toEqual([]);
});

test("when a process joins or leaves, nothing is handled twice and nothing is passed over", async () => {
  const topics = await site.topics(4);
  const total = 400;
  const send = (from: number) =>
    topics.send(
      Array.from({ length: 100 }, (_, i) => ({ key: `C-${(from + i) % 9}`, payload: { seq: from + i } })),
    );
  const options = { after: () => new Promise((resolve) => setTimeout(resolve, Math.random() * 8)) };
  const ids = await send(0);
  const first = site.start(topics, options);
  await eventually(() => first.begun.length > 20);
  const second = site.start(topics, options);
  ids.push(...(await send(100)));
  await eventually(async () => (await topics.members(groupOf(topics))) === 2);
  ids.push(...(await send(200)));
  await eventually(() => second.begun.length > 10);
  const third = site.start(topics, options);
  await first.stop();
  ids.push(...(await send(300)));
  await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
  expect(await site.countEffects()).toBe(total);
  for (const id of ids) expect(site.receiver.of(id).length).toBeGreaterThan(0);
  const { rows } = await site.database.pool.query<{ key: string; seq: number }>(
    "SELECT key, seq FROM effect ORDER BY n",
  );
  for (const key of new Set(rows.map((row) => row.key))) {
    const ofKey = rows.filter((row) => row.key === key).map((row) => row.seq);
    expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
  }
  expect(third.begun.length + second.begun.length + first.begun.length).toBeGreaterThanOrEqual(total);
});

/** Statements of this database that wait for a lock. */
async function countWaiting(): Promise<number> {
  const { rows } = await site.database.pool.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rows[0]!.n;
}
