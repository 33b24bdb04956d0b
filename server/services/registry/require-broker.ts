import { OperatorError, SurelayError } from "../../errors.ts";
import { KafkaFault } from "../../kafka/fault.ts";
import type { TopicAdmin } from "../../kafka/topic-admin.ts";
import type { BrokerTopics } from "../topology/broker-topics.ts";

/** What the console asks of the broker. */
export interface ConsoleBroker {
  topics: BrokerTopics;
  admin: TopicAdmin;
}

/** @throws SurelayError `unavailable`: this console was not told where the broker is */
export function requireBroker(broker: ConsoleBroker | null): ConsoleBroker {
  if (broker !== null) return broker;
  throw new SurelayError(
    "unavailable",
    "This console was started without KAFKA_BROKERS, so it cannot change topics in Kafka.",
    { retryable: false },
  );
}

/** Runs what asks the broker; its faults become ones that may be shown. @throws SurelayError `unavailable` */
export async function askingBroker<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const fault = faultIn(error);
    if (fault === null) throw error;
    throw new SurelayError("unavailable", tell(fault), { cause: error });
  }
}

function faultIn(error: unknown): KafkaFault | null {
  if (error instanceof KafkaFault) return error;
  return error instanceof OperatorError && error.cause instanceof KafkaFault ? error.cause : null;
}

function tell({ kind, code }: KafkaFault): string {
  if (kind === "not_permitted")
    return `Kafka does not permit this (${code}): the service needs Describe, Create and Alter on the topic.`;
  return `Kafka does not answer as it should (${code}). Nothing more was changed; try again.`;
}
