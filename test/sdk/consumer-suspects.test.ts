import { expect, test } from "vitest";
import { eventually, gate, SUBSCRIPTION, useConsumers } from "./consumer/use-consumers.ts";

const site = useConsumers();

test("only what might have been begun is a suspect after a crash, however much was fetched", async () => {
  const topics = await site.topics(1);
  const ids = await topics.send(Array.from({ length: 500 }, () => ({})));
  const held = gate();
  const running = site.start(topics, { concurrency: 1, after: () => held.opened });
  await eventually(() => running.begun.length === 1);
  const reach = async () => {
    const { rows } = await site.database.pool.query<{ reach: number }>(
      "SELECT reach::int FROM surelay_inbox_reach",
    );
    return rows.map((row) => row.reach);
  };
  expect(await reach()).toEqual([129]);
  held.open();
  await eventually(() => site.receiver.items.length === ids.length);
  expect((await reach())[0]).toBeGreaterThanOrEqual(ids.length);
});

test("suspects do not wait behind a backlog that is none", async () => {
  const topics = await site.topics(1);
  const ids = await topics.send(Array.from({ length: 400 }, () => ({})));
  const suspects = 6;
  await site.database.pool.query(
    `INSERT INTO surelay_inbox_reach (subscription, topic, broker_partition, reach, owner)
     VALUES ($1, $2, 0, $3, 'one that was killed')`,
    [SUBSCRIPTION, topics.topic, suspects],
  );
  const running = site.start(topics, { concurrency: 1 });
  await eventually(() => site.receiver.items.length === ids.length);
  expect(running.begun).toHaveLength(ids.length);
  const places = ids.slice(0, suspects).map((id) => running.begun.indexOf(id));
  // One at a time, and others in between: each is written down before it begins.
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places.at(-1)).toBeLessThan(ids.length / 2);
});
