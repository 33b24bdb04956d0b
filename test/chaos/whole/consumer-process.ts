import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { createConsumer, type ConsumerOptions, type ReceivedMessage, RejectMessage } from "surelay-consumer";
import { pgDatabase } from "surelay-consumer/pg";
import { fateOf } from "./fate.ts";
import { IN_PLACE, wholeSubscriptions } from "./subscriptions.ts";

// One consumer of each kind, until it is killed.

const env = process.env as unknown as Record<"BROKERS" | "API_URL" | "API_KEY" | "BUSINESS_URL", string>;

process.on("disconnect", () => process.exit(1)); // the run is over
const pool = new pg.Pool({
  connectionString: env.BUSINESS_URL,
  max: 20,
  // A process that is stopped in a transaction must not keep its message from the others for ever.
  options: "-c idle_in_transaction_session_timeout=4000",
});
pool.on("error", () => undefined);
pool.on("connect", (client) => client.on("error", () => undefined));

/** Failed once in this process, by those that try again in place. */
const failed = new Set<string>();

const waysToAck: Record<string, ConsumerOptions<pg.PoolClient>["ack"]> = {
  shipping: { url: env.API_URL, key: env.API_KEY },
  strict: { url: env.API_URL, key: env.API_KEY },
  ledger: "offset",
  mails: { topic: "surelay.acks" },
};

const consumers = wholeSubscriptions("http://127.0.0.1/")
  .filter(({ name }) => name in waysToAck)
  .map(({ topic, name: subscription, ordered = false }) =>
    createConsumer<pg.PoolClient>({
      brokers: env.BROKERS.split(","),
      topic,
      subscription,
      database: pgDatabase(pool),
      ack: waysToAck[subscription]!,
      ordered,
      retry: IN_PLACE,
      concurrency: 4,
      maxStarts: 50, // killed as often as they are, the innocent would be taken for poison
      sessionTimeoutMs: 3000,
      onRejected: ({ id }) =>
        pool.query("INSERT INTO refused VALUES ($1, $2) ON CONFLICT DO NOTHING", [id, subscription]),
      onTrouble: ({ kind, error }) =>
        console.log(JSON.stringify({ subscription, kind, error: String(error) })),
    }),
  );

let stopping: Promise<unknown> | undefined;
process.once("SIGTERM", () => {
  stopping = Promise.all(consumers.map((consumer) => consumer.stop(3000)));
});
await Promise.all(consumers.map((consumer) => consumer.run(handle)));
await stopping;
process.exit(0);

async function handle(message: ReceivedMessage, tx: pg.PoolClient): Promise<void> {
  const { id, subscription, key, attempt } = message;
  const fate = fateOf(id, subscription);
  if (fate === "slow") await pause(100);
  await tx.query("INSERT INTO effect (message_id, subscription, key, attempt) VALUES ($1, $2, $3, $4)", [
    id,
    subscription,
    key,
    attempt,
  ]);
  // Only now, so that what it has done must be undone.
  if (fate === "rejected") throw new RejectMessage("not for us");
  if (fate === "fails always") throw new TypeError(`broken by ${id}`);
  if (fate === "fails first" && isFirst(message)) throw new Error(`not yet: ${id}`);
}

function isFirst({ id, subscription, attempt }: ReceivedMessage): boolean {
  if (subscription !== "strict" && subscription !== "ledger") return attempt === 1;
  const name = `${id} ${subscription}`;
  const first = !failed.has(name);
  failed.add(name);
  return first;
}
