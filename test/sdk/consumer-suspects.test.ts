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
  await leaveMark(topics.topic, suspects);
  const running = site.start(topics, { concurrency: 1 });
  await eventually(() => site.receiver.items.length === ids.length);
  expect(running.begun).toHaveLength(ids.length);
  const places = ids.slice(0, suspects).map((id) => running.begun.indexOf(id));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places.at(-1)).toBeLessThan(ids.length / 2);
});

test("what began and never ended goes alone, other suspects beside each other", async () => {
  const topics = await site.topics(1);
  const ids = await topics.send(Array.from({ length: 5 }, () => ({})));
  const [first, second, ...others] = ids as [string, string, ...string[]];
  await leaveMark(topics.topic, ids.length);
  await site.database.pool.query(
    "INSERT INTO surelay_inbox (message_id, subscription, attempt, starts) SELECT unnest($1::uuid[]), $2, 1, 1",
    [[first, second], SUBSCRIPTION],
  );
  const held = gate();
  const running = site.start(topics, { concurrency: 5, after: () => held.opened });
  await eventually(() => running.begun.length === 4);
  expect(running.begun.toSorted()).toEqual([first, ...others].toSorted());
  const { rows } = await site.database.pool.query<{ id: string; starts: number }>(
    "SELECT message_id AS id, starts::int FROM surelay_inbox WHERE finished_at IS NULL",
  );
  const starts = Object.fromEntries(rows.map((row) => [row.id, row.starts]));
  expect(starts).toEqual({ [first]: 2, [second]: 1, ...Object.fromEntries(others.map((id) => [id, 1])) });
  held.open();
  await eventually(() => site.receiver.items.length === ids.length);
  expect(running.begun.at(-1)).toBe(second);
});

/** As a consumer leaves it that was killed before it had handled anything below `reach`. */
async function leaveMark(topic: string, reach: number): Promise<void> {
  await site.database.pool.query(
    `INSERT INTO surelay_inbox_reach (subscription, topic, broker_partition, reach, owner)
     VALUES ($1, $2, 0, $3, 'one that was killed')`,
    [SUBSCRIPTION, topic, reach],
  );
}
