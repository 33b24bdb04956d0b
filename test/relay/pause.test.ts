import { expect, test } from "vitest";
import { readLanes } from "../../server/store/lanes.ts";
import { pauseLane, pauseTopic, resumeLane, resumeTopic } from "../../server/store/pauses.ts";
import type { Relay } from "../../workers/relay/relay.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { readAll } from "./read-all.ts";
import { countInState, useRelay, waitForState } from "./relay-fixture.ts";

const fixture = useRelay();
const by = { by: "mara", reason: "the broker is being moved" };

const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    key: `k${(from + i) % 5}`,
    payload: Buffer.from(JSON.stringify({ n: from + i })),
  }));

async function expectInOrder(topic: string, count: number): Promise<void> {
  const records = await readAll(topic, kafkaBootstrap());
  expect(records.length).toBe(count);
  const last = new Map<string, number>();
  for (const record of records) {
    const { n } = JSON.parse(record.value!.toString()) as { n: number };
    expect(n).toBeGreaterThan(last.get(record.key!.toString()) ?? -1);
    last.set(record.key!.toString(), n);
  }
}

const laneNumbers = async () => (await readLanes(fixture.database.pool)).map((l) => l.lane);
const pauseAll = async () => {
  for (const lane of await laneNumbers()) await pauseLane(fixture.database.pool, lane, by);
};
const resumeAll = async () => {
  for (const lane of await laneNumbers()) await resumeLane(fixture.database.pool, lane);
};
/** Until every lane has been looked at since, and stands still. */
async function waitUntilPaused(relay: Relay): Promise<void> {
  const since = Date.now();
  await expect
    .poll(
      () => {
        const { work } = relay.report();
        return work.filter((l) => l.phase === "paused" && (l.lastTickAt ?? 0) >= since).length;
      },
      { timeout: 20_000 },
    )
    .toBe((await laneNumbers()).length);
}

test("a paused lane keeps its owner and sends nothing; resumed it goes on where it stopped", async () => {
  const topic = await fixture.topic();
  const relay = fixture.start();
  await fixture.store(topic, numbered(0, 50));
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 50);
  await pauseAll();
  await waitUntilPaused(relay);
  await fixture.store(topic, numbered(50, 200));
  relay.wake("");
  await waitUntilPaused(relay);
  expect(await countInState(fixture.database.pool, topic.topicId, "READY")).toBe(200);
  expect((await readLanes(fixture.database.pool)).map((l) => l.owner)).toEqual(
    (await laneNumbers()).map(() => "relay-a"),
  );
  await resumeAll();
  relay.wake("control");
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 250);
  await expectInOrder(topic.topic, 250);
});

test("a relay that takes a paused lane sends nothing in it", async () => {
  const topic = await fixture.topic();
  await pauseAll();
  await fixture.store(topic, numbered(0, 40));
  const relay = fixture.start({ instance: "relay-b" });
  await waitUntilPaused(relay);
  expect(await countInState(fixture.database.pool, topic.topicId, "READY")).toBe(40);
  await resumeAll();
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 40);
});

test("a paused topic is held by itself, in order, also over a change of owner; others pass", async () => {
  const paused = await fixture.topic();
  const other = await fixture.topic();
  fixture.start({ batch: 30 });
  let stored = 0;
  const store = async (count: number) => {
    await fixture.store(paused, numbered(stored, count));
    stored += count;
  };
  const standing = async () => {
    const { rows } = await fixture.database.pool.query<{ held: number; ready: number }>(
      `SELECT count(*) FILTER (WHERE held_at IS NOT NULL)::int AS held, count(*)::int AS ready
       FROM message_state WHERE topic_id = $1 AND state = 'READY'`,
      [paused.topicId],
    );
    return rows[0]!;
  };
  await store(100);
  await pauseTopic(fixture.database.pool, paused.topicId, by);
  // What comes before the relay has learned of the pause is still sent.
  const learned = async () => {
    await store(1);
    return (await standing()).held > 0;
  };
  await expect.poll(learned, { timeout: 20_000 }).toBe(true);
  await store(100);
  await fixture.store(other, numbered(0, 100));
  await waitForState(fixture.database.pool, other.topicId, "SENT", 100);
  await fixture.stop();
  fixture.start({ batch: 30, instance: "relay-b" });
  const allHeld = async () => {
    const { held, ready } = await standing();
    return ready > 100 && held === ready;
  };
  await expect.poll(allHeld, { timeout: 20_000 }).toBe(true);
  await resumeTopic(fixture.database.pool, paused.topicId);
  await store(100);
  await waitForState(fixture.database.pool, paused.topicId, "SENT", stored);
  await expectInOrder(paused.topic, stored);
});

test("a pause says who had paused before, and changes nothing twice", async () => {
  const topic = await fixture.topic();
  const db = fixture.database.pool;
  expect(await pauseTopic(db, topic.topicId, by)).toEqual({ changed: true, before: null });
  expect(await pauseTopic(db, topic.topicId, { by: "ivo", reason: null })).toEqual({
    changed: false,
    before: by,
  });
  expect(await resumeTopic(db, topic.topicId)).toEqual({ changed: true, before: by });
  expect(await resumeTopic(db, topic.topicId)).toEqual({ changed: false, before: null });
  expect(await pauseLane(db, 999, by)).toBeNull();
});
