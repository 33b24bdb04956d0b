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
