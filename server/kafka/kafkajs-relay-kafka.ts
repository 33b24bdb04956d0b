import type { Log } from "../log.ts";
import { createClient } from "./client.ts";
import type { RelayKafka } from "./port.ts";
import { readCommitted } from "./read-committed.ts";
import { TopicCatalog } from "./topic-catalog.ts";
import { openProducer } from "./transactional-producer.ts";

/** The relay's Kafka, on kafkajs' connections. It connects when it is first used, and again whenever that is needed. */
export function createRelayKafka(options: {
  brokers: readonly string[];
  clientId: string;
  log: Log;
}): RelayKafka {
  const client = createClient(options);
  const catalog = new TopicCatalog(client);
  return {
    openProducer: (transactionalId) => {
      catalog.forgetAll(); // it replaces one that met a fault, and stale leaders are the commonest
      return openProducer(client, transactionalId, (place) => catalog.leaderOf(place));
    },
    topicFacts: (topic, maxAgeMs) => catalog.facts(topic, maxAgeMs),
    ensureTopic: (topic) => catalog.ensure(topic),
    readCommitted: (range) => readCommitted(client, range),
    close: () => catalog.close(),
  };
}
