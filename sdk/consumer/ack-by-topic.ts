import type { Kafka, Producer } from "kafkajs";
import { SurelayError } from "../client/surelay-error.ts";
import type { AckCarrier, WireAck } from "./send-acks.ts";

/** Acknowledgements as records of a topic, `surelay.acks` by default: no need for the API to be up, or reachable. */
export interface AckByTopic {
  topic: string;
}

/**
 * One partition per call, and no retries by the client: its own retries skip partitions or send them twice when a leader
 * moves, without a word. The answer must name this partition once; on anything else the producer is left and the same
 * acknowledgements go again by a new one. Twice is fine, and their order among each other does not matter.
 */
export function ackByTopic(kafka: Kafka, topic: string): AckCarrier {
  let connected: Promise<Producer> | undefined;
  let turn = Math.floor(Math.random() * 1000);
  const connect = async () => {
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      retry: { retries: 0 },
      createPartitioner:
        () =>
        ({ partitionMetadata }) =>
          partitionMetadata[turn % partitionMetadata.length]!.partitionId,
    });
    await producer.connect();
    return producer;
  };
  const send = async (acks: readonly WireAck[], timeoutMs: number) => {
    connected ??= connect();
    const producer = await connected;
    const messages = acks.map((ack) => ({ key: ack.messageId, value: ack.json }));
    return await producer.send({ topic, acks: -1, timeout: timeoutMs, messages });
  };
  const leave = () => {
    void connected?.then((producer) => producer.disconnect()).catch(() => undefined);
    connected = undefined;
  };
  return {
    maxInFlight: 1,
    async carry(acks, timeoutMs) {
      turn++;
      try {
        const answers = await within(timeoutMs, send(acks, timeoutMs));
        const [answer] = answers;
        if (answers.length !== 1 || answer!.errorCode !== 0)
          throw new Error("the broker's answer does not cover what was sent");
        return acks.map(() => true as const);
      } catch (cause) {
        leave();
        throw new SurelayError("unreachable", `topic ${topic}: ${(cause as Error).message}`, { cause });
      }
    },
    close: async () => leave(),
  };
}

/** The client's own time limits do not cover every wait. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
