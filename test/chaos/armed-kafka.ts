import type { RelayKafka, TransactionalProducer } from "../../server/kafka/port.ts";

export type Armed = "kill" | "stop";

/**
 * Puts itself between the relay and Kafka. Armed by a message from the parent process, it kills or stops the process
 * before or after one of the next steps, chosen at random: moments that a signal from outside rarely hits.
 */
export function armedKafka(kafka: RelayKafka): RelayKafka {
  let armed: Armed | undefined;
  process.on("message", (message) => (armed = message as Armed));
  const point = () => {
    if (armed === undefined || Math.random() > 0.3) return;
    const signal = armed === "kill" ? "SIGKILL" : "SIGSTOP";
    armed = undefined;
    process.kill(process.pid, signal);
  };
  const around = async <T>(step: () => Promise<T>): Promise<T> => {
    point();
    const result = await step();
    point();
    return result;
  };
  return {
    ...kafka,
    openProducer: async (id) => {
      const producer = await around(() => kafka.openProducer(id));
      const wrapped: TransactionalProducer = {
        begin: (partitions) => around(() => producer.begin(partitions)),
        send: (batches) => around(() => producer.send(batches)),
        commit: () => around(() => producer.commit()),
        abandon: () => producer.abandon(),
        isWornOut: () => producer.isWornOut(),
      };
      return wrapped;
    },
    readCommitted: (range) => around(() => kafka.readCommitted(range)),
  };
}
