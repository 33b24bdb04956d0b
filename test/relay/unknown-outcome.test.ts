import { expect, test } from "vitest";
import { readLanes } from "../../server/store/lanes.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { loseAnswers } from "./lose-answers.ts";
import { header, readAll } from "./read-all.ts";
import { useRelay, waitForState } from "./relay-fixture.ts";

const fixture = useRelay();
const COUNT = 400;

test("whatever step's answer is lost, before or after its effect, every message arrives once and in order", async () => {
  const topic = await fixture.topic();
  await fixture.store(
    topic,
    Array.from({ length: COUNT }, (_, n) => ({
      key: `k${n % 11}`,
      payload: Buffer.from(JSON.stringify({ n })),
    })),
  );
  const kafka = loseAnswers(fixture.kafka(), 0.05);
  fixture.start({ batch: 8 }, kafka);
  await waitForState(fixture.database.pool, topic.topicId, "SENT", COUNT);
  expect(kafka.lost).toBeGreaterThan(3);

  const records = await readAll(topic.topic, kafkaBootstrap());
  expect(new Set(records.map((r) => header(r, "ce_id"))).size).toBe(COUNT);
  expect(records.length).toBe(COUNT);
  const last = new Map<string, number>();
  for (const record of records) {
    const { n } = JSON.parse(record.value!.toString()) as { n: number };
    expect(n).toBeGreaterThan(last.get(record.key!.toString()) ?? -1);
    last.set(record.key!.toString(), n);
  }
});

test("a lane taken from a relay that still believes to own it: nothing doubled, nothing lost", async () => {
  const topic = await fixture.topic();
  fixture.start({ batch: 10, leaseMs: 60_000 });
  const owned = async () => (await readLanes(fixture.database.pool)).every((l) => l.owner !== null);
  await expect.poll(owned).toBe(true);
  const messages = Array.from({ length: 300 }, (_, n) => ({
    key: `k${n % 5}`,
    payload: Buffer.from(String(n)),
  }));
  for (let at = 0; at < 300; at += 100) {
    await fixture.store(topic, messages.slice(at, at + 100));
    // As if its leases had run out without its noticing: the next relay takes the lanes at once.
    await fixture.database.pool.query(
      "UPDATE lane SET expires_at = now() - interval '1 second' WHERE owner IS NOT NULL",
    );
    fixture.start({ batch: 10, leaseMs: 60_000, instance: `relay-${at}` });
  }
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 300);
  const records = await readAll(topic.topic, kafkaBootstrap());
  expect(records.length).toBe(300);
  expect(new Set(records.map((r) => header(r, "ce_id"))).size).toBe(300);
});
