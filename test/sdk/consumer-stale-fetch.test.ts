import type { Consumer as KafkaConsumer, EachBatchPayload, Kafka } from "kafkajs";
import { expect, test } from "vitest";
import { ackByApi } from "../../sdk/consumer/ack-by-api.ts";
import { Inbox } from "../../sdk/consumer/inbox.ts";
import { readOptions } from "../../sdk/consumer/options.ts";
import { AckSender } from "../../sdk/consumer/send-acks.ts";
import { Session } from "../../sdk/consumer/session.ts";
import { MessageSettler } from "../../sdk/consumer/settle-message.ts";
import { pgDatabase } from "../../sdk/database/pg.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { eventually, groupOf, SUBSCRIPTION, useConsumers } from "./consumer/use-consumers.ts";

const site = useConsumers();

test("what was fetched of a partition before another process got it is not taken", async () => {
  const topics = await site.topics(2);
  const ids = await topics.send([{ partition: 0 }, { partition: 1 }]);
  const fetches = interceptFetches(topics.kafka);
  const database = pgDatabase(site.database.pool);
  const settings = readOptions({
    brokers: [kafkaBootstrap()],
    topic: topics.topic,
    subscription: SUBSCRIPTION,
    groupId: groupOf(topics),
    database,
    ack: { url: site.receiver.url, key: "k" },
    sessionTimeoutMs: 3000,
  });
  const inbox = new Inbox(database);
  const nothing = () => undefined;
  const acks = new AckSender(ackByApi({ url: site.receiver.url, key: "k" }), nothing);
  const settler = new MessageSettler(settings, inbox, nothing, nothing);
  const session = new Session({
    kafka: fetches.kafka,
    settings,
    inbox,
    settler,
    acks,
    onTrouble: nothing,
    inHand: new Map(),
  });
  await session.start();
  await eventually(() => site.receiver.items.length === 2);
  await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
  site.start(topics);
  await eventually(() => fetches.assigned(topics.topic).length === 1);
  const [kept] = fetches.assigned(topics.topic);
  await fetches.again(topics.topic, 1 - kept!);
  await session.stop(5000);
  await acks.close();
  for (const id of ids) expect(site.receiver.of(id)).toHaveLength(1);
});

/** The client as it is, but that what it fetched can be handed over once more, as a fetch that took long would be. */
function interceptFetches(kafka: Kafka) {
  const batches = new Map<string, EachBatchPayload>();
  let assignment: Record<string, number[]> = {};
  let take: (payload: EachBatchPayload) => Promise<void> = () => Promise.resolve();
  const consumer: Kafka["consumer"] = (config) => {
    const real: KafkaConsumer = kafka.consumer(config);
    const run = real.run.bind(real);
    real.on("consumer.group_join", ({ payload }) => (assignment = payload.memberAssignment));
    real.run = (options) => {
      take = options!.eachBatch!;
      const eachBatch = (payload: EachBatchPayload) => {
        batches.set(`${payload.batch.topic}/${payload.batch.partition}`, payload);
        return take(payload);
      };
      return run({ ...options, eachBatch });
    };
    return real;
  };
  return {
    kafka: { consumer } as Kafka,
    assigned: (topic: string) => assignment[topic] ?? [],
    again: (topic: string, partition: number) => take(batches.get(`${topic}/${partition}`)!),
  };
}
