import type { RelayKafka, TransactionalProducer } from "../../server/kafka/port.ts";

/** `kill-committed`: right after a batch was committed, the moment that only its marker tells of. */
export type Armed = "kill" | "stop" | "kill-committed";

/**
 * Puts itself between the relay and Kafka. Armed by a message from the parent process, it kills or stops the process
 * before or after one of the next steps, chosen at random: moments that a signal from outside rarely hits.
 */
export function armedKafka(kafka: RelayKafka): RelayKafka {
  let armed: Armed | undefined;
  process.on("message", (message) => (armed = message as Armed));
  process.on("disconnect", () => process.exit(1)); // the run is over, however it ended
  const point = (batchCommitted = false) => {
    if (armed === undefined || (armed === "kill-committed" ? !batchCommitted : Math.random() > 0.3)) return;
    const signal = armed === "stop" ? "SIGSTOP" : "SIGKILL";
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
      let partitionsOpen = 0;
      const wrapped: TransactionalProducer = {
        begin: (partitions) => {
          partitionsOpen = partitions.length;
          return around(() => producer.begin(partitions));
        },
        send: (batches) => around(() => producer.send(batches)),
        commit: async () => {
          point();
          await producer.commit();
          point(partitionsOpen > 1); // a fence has but one
        },
        abandon: () => producer.abandon(),
        isWornOut: () => producer.isWornOut(),
      };
      return wrapped;
    },
    readCommitted: (range) => around(() => kafka.readCommitted(range)),
  };
}
