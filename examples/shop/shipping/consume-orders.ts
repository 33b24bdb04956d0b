import { Kafka, logLevel } from "kafkajs";
import type { Pool } from "pg";
import { pause, retry } from "../shared/retry.ts";
import type { Journal } from "../shared/service.ts";
import { waybillsOf } from "./write-waybill.ts";

export interface Consumption {
  brokers: string[];
  db: Pool;
  journal: Journal;
  stop: AbortSignal;
}

/** Reads orders.created until the process stops. When the consumer gives up (broker away, topic missing) a new one begins. */
export async function consumeOrders(options: Consumption): Promise<void> {
  while (!options.stop.aborted) {
    await consumeUntilCrash(options).catch((error: unknown) => options.journal.trouble(error));
    await pause(1000, options.stop);
  }
}

async function consumeUntilCrash(options: Consumption): Promise<void> {
  const { stop, journal } = options;
  const writeWaybill = waybillsOf(options.db);
  const kafka = new Kafka({
    clientId: "shop-shipping",
    brokers: options.brokers,
    logLevel: logLevel.NOTHING,
  });
  const consumer = kafka.consumer({
    groupId: "shop-shipping",
    readUncommitted: false, // messages appear when the relay's transaction is committed, and only then
    allowAutoTopicCreation: false,
    sessionTimeout: 6000, // a killed process's partitions wait that long for the next one
    heartbeatInterval: 1500,
    retry: { retries: 3, restartOnFailure: () => Promise.resolve(false) },
  });
  const over = new Promise<void>((resolve) => {
    stop.addEventListener("abort", () => resolve(), { once: true });
    consumer.on("consumer.crash", ({ payload }) => {
      journal.trouble(payload.error);
      resolve();
    });
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: ["orders.created"], fromBeginning: true });
    await consumer.run({
      partitionsConsumedConcurrently: 3,
      eachMessage: async (given) => {
        const { message } = given;
        const id = message.headers?.ce_id?.toString();
        if (!id) return journal.count("without an id"); // not from Surelay
        // The database being away is no reason to skip an order: stay, and tell the group that we live.
        const outcome = await retry(() => writeWaybill(id, message.value), {
          stop,
          worthRetrying: () => true,
          onFailure: (error) => {
            journal.trouble(error);
            return given.heartbeat().catch(() => undefined);
          },
        });
        journal.count(outcome);
      },
    });
    await over;
  } finally {
    await consumer.disconnect();
  }
}
