import { subscribe } from "node:diagnostics_channel";
import { setTimeout as pause } from "node:timers/promises";
import { Kafka } from "kafkajs";
import pg from "pg";
import { createConsumer, RejectMessage } from "../../../sdk/consumer/index.ts";
import { pgDatabase } from "../../../sdk/database/pg.ts";
import { type Action, endAtStep, reach, reachInFlight, watchPool } from "../kill/end-at-step.ts";

// A consumer that handles messages until it ends itself with a real SIGKILL, at the Nth time that it reaches a step. Several
// messages are in hand at once, so the others are somewhere else just then.

const env = process.env as unknown as Record<
  | "BROKERS"
  | "TOPIC"
  | "GROUP"
  | "SUBSCRIPTION"
  | "ACK_URL"
  | "BUSINESS_URL"
  | "STEP"
  | "ACTION"
  | "NTH"
  | "MAX_STARTS",
  string
>;
endAtStep({ step: env.STEP, nth: Number(env.NTH), action: env.ACTION as Action });

subscribe("http.client.request.start", () => reachInFlight("ack in flight"));
subscribe("http.client.response.finish", () => reach("ack answered"));

const make = Object.getOwnPropertyDescriptor(Kafka.prototype, "consumer")!.value as Kafka["consumer"];
Kafka.prototype.consumer = function (this: Kafka, config) {
  const consumer = make.call(this, config);
  const commit = consumer.commitOffsets.bind(consumer);
  consumer.commitOffsets = async (offsets) => {
    reach("offset due");
    const answer = commit(offsets);
    setImmediate(() => reach("offset sent"));
    await answer;
    reach("offset committed");
  };
  return consumer;
};

const pool = new pg.Pool({ connectionString: env.BUSINESS_URL, max: 12 });
pool.on("error", () => undefined);
watchPool(pool, [
  [/^BEGIN/, "BEGIN"],
  [/^INSERT INTO surelay_inbox_reach/, "mark"],
  [/^INSERT INTO surelay_inbox .*starts/, "start"],
  [/^INSERT INTO surelay_inbox /, "claim"],
  [/^INSERT INTO effect/, "work"],
  [/^SELECT count/, "look"],
  [/^COMMIT/, "COMMIT"],
  [/^ROLLBACK/, "ROLLBACK"],
]);

/** What the test's messages hold. */
interface Fate {
  seq: number;
  fate: "fine" | "slow" | "fails once" | "rejected" | "swallows" | "poison";
}

const consumer = createConsumer<pg.PoolClient, Fate>({
  brokers: env.BROKERS.split(","),
  topic: env.TOPIC,
  subscription: env.SUBSCRIPTION,
  groupId: env.GROUP,
  database: pgDatabase(pool),
  ack: { url: env.ACK_URL, key: "k" },
  concurrency: 8,
  maxPending: 40,
  maxStarts: Number(env.MAX_STARTS),
  sessionTimeoutMs: 800,
  onTrouble: ({ kind, error }) => process.stdout.write(`trouble ${kind} ${String(error)}\n`),
});

process.stdout.write("ready\n");
await consumer.run(async (message, tx) => {
  const { seq, fate } = message.payload;
  if (fate === "slow") await pause(Math.random() * 30);
  await tx.query(
    "INSERT INTO effect (message_id, subscription, key, seq, attempt) VALUES ($1, $2, $3, $4, $5)",
    [message.id, message.subscription, message.key, seq, message.attempt],
  );
  if (fate === "poison") process.kill(process.pid, "SIGKILL");
  if (fate === "rejected") throw new RejectMessage("not for us");
  if (fate === "fails once" && message.attempt === 1) throw new Error("not yet");
  if (fate === "swallows" && message.attempt === 1) await tx.query("SELECT 1 / 0").catch(() => undefined);
});
