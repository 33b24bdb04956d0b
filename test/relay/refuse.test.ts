import { expect, test } from "vitest";
import { readMessage } from "../../server/store/find-messages.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { header, readAll } from "./read-all.ts";
import { useRelay, waitForState } from "./relay-fixture.ts";

const fixture = useRelay();
const json = (n: number, bytes: number) => Buffer.from(JSON.stringify({ n, pad: "x".repeat(bytes) }));

test("a record that the broker names is rejected with its reason; the rest of its batch arrives once", async () => {
  const topic = await fixture.topic({ partitions: 2, config: { "cleanup.policy": "compact" } });
  const messages = await fixture.store(
    topic,
    Array.from({ length: 400 }, (_, n) => ({ key: n === 250 ? null : `k${n}`, payload: json(n, 20) })),
  );
  fixture.start();
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 399);
  await waitForState(fixture.database.pool, topic.topicId, "REJECTED", 1);

  const refused = await readMessage(fixture.database.pool, messages[250]!.id, null);
  expect(refused?.reason).toMatch(/^INVALID_RECORD: .*key/);
  const ids = (await readAll(topic.topic, kafkaBootstrap())).map((r) => header(r, "ce_id"));
  expect(ids.length).toBe(399);
  expect(new Set(ids).size).toBe(399);
});

test("a record larger than its topic allows is rejected; its lane and its partition go on in order", async () => {
  const topic = await fixture.topic({ partitions: 1, config: { "max.message.bytes": "20000" } });
  const messages = await fixture.store(
    topic,
    Array.from({ length: 60 }, (_, n) => ({ key: "same", payload: json(n, n === 30 ? 25_000 : 900) })),
  );
  fixture.start();
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 59);
  const refused = await readMessage(fixture.database.pool, messages[30]!.id, null);
  expect(refused).toMatchObject({ state: "REJECTED" });
  expect(refused?.reason).toMatch(/^MESSAGE_TOO_LARGE: .*20000/);
  const numbers = (await readAll(topic.topic, kafkaBootstrap())).map(
    (r) => (JSON.parse(r.value!.toString()) as { n: number }).n,
  );
  expect(numbers).toEqual(Array.from({ length: 60 }, (_, n) => n).filter((n) => n !== 30));
});

test("where the topic's limit may not be read, the guilty record is found by halving", async () => {
  const topic = await fixture.topic({ partitions: 1, config: { "max.message.bytes": "20000" } });
  await fixture.store(
    topic,
    Array.from({ length: 50 }, (_, n) => ({ key: "same", payload: json(n, n === 7 ? 25_000 : 900) })),
  );
  const kafka = fixture.kafka();
  fixture.start(
    {},
    {
      ...kafka,
      topicFacts: async (name, age) => ({ ...(await kafka.topicFacts(name, age)), maxBatchBytes: null }),
    },
  );
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 49);
  await waitForState(fixture.database.pool, topic.topicId, "REJECTED", 1);
  const numbers = (await readAll(topic.topic, kafkaBootstrap())).map(
    (r) => (JSON.parse(r.value!.toString()) as { n: number }).n,
  );
  expect(numbers).toEqual(Array.from({ length: 50 }, (_, n) => n).filter((n) => n !== 7));
});
