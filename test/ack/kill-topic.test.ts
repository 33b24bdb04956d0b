import { randomBytes } from "node:crypto";
import { Kafka, logLevel, Partitioners, type Producer } from "kafkajs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "../../local/wait-until.ts";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { acksTopic } from "../../workers/ack/acks-topic.ts";
import { useDatabase } from "../support/database.ts";
import { createTopic, kafkaBootstrap } from "../support/kafka.ts";
import { given, mark } from "./ack-fixture.ts";
import { type AckProcess, spawnAck } from "./ack-process.ts";

const db = useDatabase();
const env = `t${randomBytes(4).toString("hex")}`;
const topic = acksTopic(env);
const kafka = {} as { producer: Producer };
const running: AckProcess[] = [];

beforeAll(async () => {
  const client = new Kafka({ brokers: [kafkaBootstrap()], clientId: "test", logLevel: logLevel.NOTHING });
  kafka.producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await kafka.producer.connect();
  await createTopic({ name: topic, partitions: 2 });
});
afterAll(async () => {
  await Promise.all(running.map((one) => one.kill()));
  await kafka.producer?.disconnect();
});

const start = (name: string): AckProcess => {
  const started = spawnAck({ name, databaseUrl: db.url, env });
  running.push(started);
  return started;
};

const say = (values: readonly (object | string)[]) =>
  kafka.producer.send({
    topic,
    messages: values.map((value) => ({ value: typeof value === "string" ? value : JSON.stringify(value) })),
  });

async function count(of: string, topicId: number): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM message_state s WHERE topic_id = $1 AND ${of}`,
    [topicId],
  );
  return rows[0]!.n;
}

interface Told {
  topic: { applied: number; poison: number; refused: number; lastRefused: { code: string } | null };
}

async function told(name: string): Promise<Told | undefined> {
  const { rows } = await db.pool.query<{ detail: Told }>(
    "SELECT detail FROM worker_instance WHERE kind = 'ack' AND name = $1",
    [name],
  );
  return rows[0]?.detail;
}

test("acks of the topic are applied once in effect however often the process is killed; what says nothing is passed over", async () => {
  const made = await given(db, [{ name: "a" }, { name: "b" }], 1500);
  await mark(db, made.messages);
  const items = made.messages.flatMap(({ id }) =>
    ["a", "b"].map((subscription) => ({ messageId: id, subscription, outcome: "acked" })),
  );
  await say([
    "no JSON at all",
    { messageId: "7", subscription: "a", outcome: "acked" },
    { messageId: made.messages[0]!.id, subscription: "nobody", outcome: "acked" },
    ...items,
  ]);
  const acked = () => count("state = 'CONSUMED'", made.owner.topicId);
  let process = start("one");
  for (let kills = 1; kills <= 2; kills++) {
    const goal = 300 * kills;
    expect(await waitUntil(async () => (await acked()) >= goal, { timeoutMs: 30_000, everyMs: 5 })).toBe(
      true,
    );
    await process.kill();
    process = start(kills === 1 ? "two" : "one");
  }
  expect(await waitUntil(async () => (await acked()) === 1500, { timeoutMs: 40_000 })).toBe(true);
  // More of them, without a kill: what the process tells of itself is whole.
  await say(["{}", { messageId: made.messages[0]!.id, subscription: "nobody", outcome: "retry" }]);
  const seen = await waitUntil(
    async () => {
      const detail = await told("one");
      return detail && detail.topic.poison > 0 && detail.topic.refused > 0 ? detail : null;
    },
    { timeoutMs: 20_000 },
  );
  expect(seen?.topic.lastRefused?.code).toMatch(/^(validation_failed|unknown_subscription)$/);
  expect(await process.end()).toBe(0);
  const { rows } = await db.pool.query<{ n: number }>(
    "SELECT sum(entered)::int AS n FROM message_flow WHERE state = 'CONSUMED' AND topic_id = $1",
    [made.owner.topicId],
  );
  expect(rows[0]!.n).toBe(1500);
  expect(await compareFlow(db.pool)).toEqual([]);
  expect(await compareDeliveryFlow(db.pool)).toEqual([]);
}, 120_000);
