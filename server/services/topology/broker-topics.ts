import type { Config } from "../../config/config.ts";
import { OperatorError } from "../../errors.ts";
import { KafkaFault } from "../../kafka/fault.ts";
import type { RelayKafka } from "../../kafka/port.ts";

/** What `apply` needs of the broker. */
export interface BrokerTopics {
  /** Partitions of those of the named topics that exist. @throws OperatorError `broker_trouble` */
  partitionsOf(names: readonly string[]): Promise<Map<string, number>>;
  /** Makes a topic with the broker's default replication, or raises its partitions to this number; never lowers them. */
  ensure(name: string, partitions: number): Promise<void>;
}

type Limits = Pick<
  Config,
  "SURELAY_MAX_PAYLOAD_BYTES" | "SURELAY_MAX_HEADER_BYTES" | "SURELAY_MAX_KEY_BYTES"
>;

/** Names, lengths and the headers we add ourselves, generously. */
const RECORD_OVERHEAD = 64 * 1024;

/**
 * The `max.message.bytes` of a topic that is to take whatever intake takes. Kafka's own default, about 1 MiB, would refuse
 * the largest payloads for good.
 */
export function largestRecord(limits: Limits): number {
  return (
    limits.SURELAY_MAX_PAYLOAD_BYTES +
    limits.SURELAY_MAX_HEADER_BYTES +
    2 * limits.SURELAY_MAX_KEY_BYTES +
    RECORD_OVERHEAD
  );
}

/** @param limits intake's, for the topics that are made; those that exist keep their configuration */
export function brokerTopics(
  kafka: Pick<RelayKafka, "topicFacts" | "ensureTopic">,
  limits: Limits,
): BrokerTopics {
  return {
    async partitionsOf(names) {
      const found = new Map<string, number>();
      for (const name of names) {
        const partitions = await partitionsOf(kafka, name);
        if (partitions !== null) found.set(name, partitions);
      }
      return found;
    },
    async ensure(name, partitions) {
      const config = { "max.message.bytes": String(largestRecord(limits)) };
      await kafka.ensureTopic({ topic: name, partitions, config });
    },
  };
}

async function partitionsOf(kafka: Pick<RelayKafka, "topicFacts">, name: string): Promise<number | null> {
  try {
    return (await kafka.topicFacts(name, 0)).partitions;
  } catch (error) {
    if (error instanceof KafkaFault && error.kind === "topic_missing") return null;
    const permitted = error instanceof KafkaFault && error.kind === "not_permitted";
    throw new OperatorError(
      "broker_trouble",
      permitted
        ? `Kafka does not let us see topic ${name}. Permit Describe and Create on it, then apply again.`
        : `Kafka could not be asked for topic ${name}: ${(error as Error).message}. Check KAFKA_BROKERS and that the broker runs; nothing was changed.`,
      { cause: error },
    );
  }
}
