import { randomUUID } from "node:crypto";
import type { Topics } from "./records.ts";

/** Reads a topic's first values with kafkajs as it comes, read_committed. @returns `count` of them, or more */
export async function readValues(
  { kafka }: Pick<Topics, "kafka">,
  topic: string,
  count: number,
): Promise<string[]> {
  const consumer = kafka.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 100 });
  const values: string[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on("consumer.crash", ({ payload }) => reject(payload.error));
      void consumer.run({
        eachMessage: async ({ message }) => {
          values.push(message.value?.toString() ?? "");
          if (values.length >= count) resolve();
        },
      });
    });
    return values;
  } finally {
    await consumer.disconnect();
  }
}
