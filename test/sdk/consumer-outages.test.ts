import { expect, test } from "vitest";
import { useCutProxy } from "./cut-proxy.ts";
import { eventually, groupOf, useConsumers } from "./consumer/use-consumers.ts";

const site = useConsumers();
const proxy = useCutProxy(() => Number(new URL(site.database.url).port));

test("while the service is away acknowledgements are kept, and offsets wait for them", async () => {
  const topics = await site.topics(1);
  site.receiver.refuse = { status: 503, code: "unavailable" };
  const ids = await topics.send([{}, {}, {}]);
  const running = site.start(topics);
  await eventually(async () => (await site.countEffects()) === 3);
  await eventually(() => running.troubles.some(({ kind }) => kind === "acknowledgement"));
  expect(await topics.lag(groupOf(topics))).toBe(3);
  site.receiver.refuse = null;
  await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
  for (const id of ids) expect(site.receiver.of(id)).toHaveLength(1);
});

for (const at of ["before", "after"] as const)
  test(`a database that goes away ${at} a COMMIT takes effect spends no attempt, and nothing is done twice`, async () => {
    const topics = await site.topics(1);
    const url = new URL(site.database.url);
    url.port = String(proxy.port);
    let cut = false;
    const ids = await topics.send(Array.from({ length: 12 }, (_, i) => ({ key: `K-${i % 4}` })));
    const running = site.start(topics, {
      url: url.href,
      after: () => {
        if (cut) return;
        cut = true;
        proxy.cutAtCommit(at, { refuseAfter: true });
      },
    });
    await eventually(() => running.troubles.some(({ kind }) => kind === "database"));
    proxy.mend();
    await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
    for (const id of ids) {
      expect(await site.effects(id)).toBe(1);
      expect(site.receiver.of(id).map(({ outcome }) => outcome)).toEqual(["acked"]);
    }
  });

test("a partition stands still at so many unacknowledged messages, and goes on", async () => {
  const topics = await site.topics(1);
  site.receiver.refuse = { status: 503, code: "unavailable" };
  const running = site.start(topics, { maxPending: 10 });
  for (let i = 0; i < 8; i++) {
    await topics.send([{}, {}, {}, {}, {}]);
    // One fetch after the other: what a single fetch brings is taken whole.
    if (i < 2) await eventually(() => running.begun.length === 5 * (i + 1));
  }
  await eventually(async () => (await site.countEffects()) >= 10);
  expect(running.begun.length).toBeLessThan(40);
  site.receiver.refuse = null;
  await eventually(() => site.receiver.items.length === 40);
  expect(await site.countEffects()).toBe(40);
});

test("behind a record that never ends, ten times so many are handled and no more, until it does", async () => {
  const topics = await site.topics(2);
  let failing = true;
  const running = site.start(topics, {
    ack: "offset",
    maxPending: 2,
    retry: { firstDelaySeconds: 0.05, maxDelaySeconds: 0.05 },
    after: ({ payload }) => {
      if (failing && (payload as { seq: number }).seq === 0) throw new Error("not yet");
    },
  });
  const send = (from: number, partition = 0) =>
    topics.send([0, 1, 2, 3, 4].map((i) => ({ partition, payload: { seq: from + i } })));
  for (let from = 0; from < 20; from += 5) {
    await send(from);
    await eventually(async () => (await site.countEffects()) === from + 4);
  }
  for (let from = 20; from < 60; from += 5) await send(from);
  await send(1000, 1);
  const effectsOf = async (least: number) =>
    (await site.database.pool.query("SELECT 1 FROM effect WHERE seq >= $1 AND seq < $1 + 1000", [least]))
      .rowCount;
  await eventually(async () => (await effectsOf(1000)) === 5);
  expect(await effectsOf(0)).toBeLessThan(40);
  expect(running.begun.length).toBeGreaterThan(20);
  failing = false;
  await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
  expect(await site.countEffects()).toBe(65);
});

test("what the service knows nothing of is told, and does not hold up the rest", async () => {
  const topics = await site.topics(1);
  const [unknown, unsent, fine] = await topics.send([{}, {}, {}]);
  site.receiver.errors.set(unknown!, { status: 404, code: "not_found" });
  site.receiver.errors.set(unsent!, { status: 409, code: "not_delivered" });
  const running = site.start(topics);
  await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
  expect(site.receiver.items.map((item) => item.messageId)).toEqual([fine]);
  expect(running.troubles.map(({ kind, messageId }) => [kind, messageId])).toEqual(
    expect.arrayContaining([
      ["not_taken", unknown],
      ["not_taken", unsent],
    ]),
  );
});
