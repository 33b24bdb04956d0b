import { KafkaFault } from "../../server/kafka/fault.ts";
import type { RelayKafka } from "../../server/kafka/port.ts";

/** Real Kafka, but the answer to a step is lost: at random before the step has its effect, or after it. */
export function loseAnswers(kafka: RelayKafka, share: number): RelayKafka & { lost: number } {
  const lossy = {
    ...kafka,
    lost: 0,
    openProducer: async (id: string) => {
      const producer = await kafka.openProducer(id);
      const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
        const dice = Math.random();
        const result = dice < share ? undefined : await work();
        if (dice >= share && dice < 1 - share) return result as T;
        lossy.lost++;
        throw new KafkaFault("retry", "LOST", `the answer to ${name} was lost`);
      };
      return {
        begin: (partitions: Parameters<typeof producer.begin>[0]) =>
          step("begin", () => producer.begin(partitions)),
        send: (batches: Parameters<typeof producer.send>[0]) => step("send", () => producer.send(batches)),
        commit: () => step("commit", () => producer.commit()),
        abandon: () => producer.abandon(),
        isWornOut: () => producer.isWornOut(),
      };
    },
  };
  return lossy;
}
