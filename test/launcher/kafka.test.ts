import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { describe, expect, onTestFinished, test } from "vitest";
import { readTopic } from "../../local/kafka-tools.ts";
import { type BrokerOptions, type LocalBroker, startBroker } from "../../local/kafka.ts";
import { createTopics } from "../../server/kafka/create-topics.ts";
import { createTopic, kafkaBootstrap } from "../support/kafka.ts";
import { scratchFolder } from "./run-program.ts";

async function start(options: BrokerOptions): Promise<LocalBroker> {
  const broker = await startBroker(options);
  onTestFinished(() => broker.kill());
  return broker;
}

const client = (bootstrap: string) =>
  new Kafka({ brokers: [bootstrap], clientId: "test", logLevel: logLevel.NOTHING });

describe("the embedded Kafka", () => {
  test("keeps its topics over a stop and a start on another port", async () => {
    const dataDir = join(scratchFolder(), "kafka");
    const first = await start({ dataDir });
    const admin = client(first.bootstrap).admin();
    await admin.connect();
    await createTopics(admin, [{ topic: "kept", numPartitions: 2 }]);
    await admin.disconnect();
    await first.stop();
    expect(first.child.hasEnded()).toBe(true);

    const second = await start({ dataDir });
    const again = client(second.bootstrap).admin();
    await again.connect();
    expect(await again.listTopics()).toContain("kept");
    await again.disconnect();
    await second.stop();
  });

  test("names the port that is in use", async () => {
    const port = Number(kafkaBootstrap().split(":")[1]);
    await expect(startBroker({ dataDir: join(scratchFolder(), "kafka"), port })).rejects.toMatchObject({
      code: "port_in_use",
    });
  });

  test("its console consumer gives back every byte, and nothing of an aborted transaction", async () => {
    const topic = await createTopic({ partitions: 1 });
    const producer = client(kafkaBootstrap()).producer({
      transactionalId: `test-${topic}`,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    onTestFinished(() => producer.disconnect());
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const committed = await producer.transaction();
    const messages = [
      { key: "k,:\té", value: bytes, headers: { a: "1,b:2\\x41", b: "ü" } },
      { key: null, value: null },
      { key: "", value: "" },
    ];
    await committed.send({ topic, messages });
    await committed.commit();
    const aborted = await producer.transaction();
    await aborted.send({ topic, messages: [{ value: "never" }] });
    await aborted.abort();

    const records = await readTopic({ bootstrap: kafkaBootstrap(), topic, maxMessages: 3 });
    expect(
      records.map(({ partition, offset, key, value, headers }) => ({
        partition,
        offset,
        key,
        value,
        headers,
      })),
    ).toEqual([
      {
        partition: 0,
        offset: 0n,
        key: Buffer.from("k,:\té"),
        value: bytes,
        headers: [
          ["a", Buffer.from("1,b:2\\x41")],
          ["b", Buffer.from("ü")],
        ],
      },
      { partition: 0, offset: 1n, key: null, value: null, headers: [] },
      { partition: 0, offset: 2n, key: Buffer.alloc(0), value: Buffer.alloc(0), headers: [] },
    ]);
  });

  test("a console consumer that reaches no broker fails instead of finding nothing", async () => {
    await expect(readTopic({ bootstrap: "127.0.0.1:1", topic: "any", idleTimeoutMs: 1500 })).rejects.toThrow(
      /127\.0\.0\.1:1/,
    );
  });
});
