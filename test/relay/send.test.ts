import { expect, test } from "vitest";
import { readMessage } from "../../server/store/find-messages.ts";
import { partitionOf } from "../../server/kafka/partitioner.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { header, readAll } from "./read-all.ts";
import { useRelay, waitForState } from "./relay-fixture.ts";

const fixture = useRelay();

test("a message becomes the contract's record, and SENT with the position it has there", async () => {
  const topic = await fixture.topic();
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const [message] = await fixture.store(topic, [
    {
      key: "kunde-ä",
      type: "order.created",
      businessKey: "A-17",
      contentType: "application/json",
      headers: JSON.stringify({ "x-tenant": "süd", ce_id: "forged" }),
      traceparent,
      payload: Buffer.from('{"amount": 10.00}'),
    },
  ]);
  fixture.start();
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 1);

  const [record, ...more] = await readAll(topic.topic, kafkaBootstrap());
  expect(more).toEqual([]);
  expect(record!.key?.toString()).toBe("kunde-ä");
  expect(record!.value?.toString()).toBe('{"amount": 10.00}');
  const stored = await readMessage(fixture.database.pool, message!.id, null);
  expect(record!.headers.map(([name, value]) => [name, value?.toString()])).toEqual([
    ["ce_specversion", "1.0"],
    ["ce_id", message!.id],
    ["ce_source", "orders"],
    ["ce_type", "order.created"],
    ["ce_subject", "A-17"],
    ["ce_time", stored!.storedAt.toISOString()],
    ["content-type", "application/json"],
    ["traceparent", traceparent],
    ["x-tenant", "süd"],
    ["surelay-attempt", "1"],
  ]);
  expect(stored).toMatchObject({
    state: "SENT",
    brokerPartition: record!.partition,
    brokerOffset: record!.offset,
  });
});

test("keys keep their partition and their order through large and small batches; bytes arrive as they were", async () => {
  const topic = await fixture.topic({ partitions: 5 });
  fixture.start({ batch: 300, batchBytes: 40_000 });
  const sent: { id: string; key: string | null; n: number }[] = [];
  for (let round = 0; round < 8; round++) {
    const messages = await fixture.store(
      topic,
      Array.from({ length: 250 }, (_, i) => ({
        key: i % 10 === 9 ? null : `key-${i % 23}`,
        payload: Buffer.from(JSON.stringify({ n: round * 250 + i, pad: "x".repeat((i * 37) % 400) })),
      })),
    );
    sent.push(...messages.map((m, i) => ({ id: m.id, key: m.key, n: round * 250 + i })));
  }
  await waitForState(fixture.database.pool, topic.topicId, "SENT", sent.length);

  const records = await readAll(topic.topic, kafkaBootstrap());
  expect(records.length).toBe(sent.length);
  const byId = new Map(records.map((r) => [header(r, "ce_id"), r]));
  const last = new Map<string, number>();
  for (const { id, key, n } of sent) {
    const record = byId.get(id)!;
    expect(JSON.parse(record.value!.toString())).toMatchObject({ n });
    expect(record.partition).toBe(partitionOf(key === null ? null : Buffer.from(key), id, 5));
  }
  for (const record of records) {
    if (record.key === null) continue;
    const key = record.key.toString();
    const { n } = JSON.parse(record.value!.toString()) as { n: number };
    expect(n).toBeGreaterThan(last.get(key) ?? -1);
    last.set(key, n);
  }
});
