import { createRelayKafka } from "@/server/kafka/kafkajs-relay-kafka.ts";
import { createTopicAdmin } from "@/server/kafka/topic-admin.ts";
import type { ConsoleBroker } from "@/server/services/registry/require-broker.ts";
import { brokerTopics } from "@/server/services/topology/broker-topics.ts";
import { consoleRuntime } from "./console-runtime.ts";

/** On globalThis, like the rest of what the process holds once. */
const KEY = Symbol.for("surelay.console.broker");
const holder = globalThis as { [KEY]?: ConsoleBroker | null };

/** What the console asks of Kafka; null: nobody told it where Kafka is. It connects when it is first asked something. */
export function consoleBroker(): ConsoleBroker | null {
  if (holder[KEY] === undefined) holder[KEY] = create();
  return holder[KEY];
}

function create(): ConsoleBroker | null {
  const { config, log } = consoleRuntime();
  if (config.KAFKA_BROKERS === undefined) return null;
  const options = { brokers: config.KAFKA_BROKERS, clientId: "surelay-console", log };
  return { topics: brokerTopics(createRelayKafka(options), config), admin: createTopicAdmin(options) };
}
