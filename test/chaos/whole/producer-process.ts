import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { pgDatabase } from "surelay-producer/pg";
import { Producer } from "surelay-producer";

// A business service that sends a message with each of its transactions, until it is killed; one in seven rolls back.

const env = process.env as unknown as Record<"API_URL" | "API_KEY" | "BUSINESS_URL" | "PER_SECOND", string>;
const SIDE_BY_SIDE = 4;
const TOPICS = ["orders.created", "orders.paid"];

class RolledBack extends Error {}

process.on("disconnect", () => process.exit(1)); // the run is over
const pool = new pg.Pool({ connectionString: env.BUSINESS_URL, max: SIDE_BY_SIDE + 2 });
pool.on("error", () => undefined);
const surelay = new Producer({ url: env.API_URL, key: env.API_KEY, settleTimeoutMs: 5000 });
const transact = surelay.transactIn(pgDatabase(pool));

let stopping = false;
process.once("SIGTERM", () => (stopping = true));
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, (_, i) => produce(`t-${process.pid}-${i}`)));
await surelay.close(5000);
process.exit(0);

async function produce(key: string): Promise<void> {
  for (let n = 1; !stopping; n++) {
    try {
      const topic = TOPICS[n % TOPICS.length]!;
      await transact({ topic, key, payload: { n } }, async (tx, id) => {
        await tx.query("INSERT INTO made (message_id) VALUES ($1)", [id]);
        if (Math.random() < 1 / 7) throw new RolledBack();
      });
    } catch (error) {
      if (!(error instanceof RolledBack)) await pause(200); // something is away just now
    }
    await pause((1000 * SIDE_BY_SIDE) / Number(env.PER_SECOND));
  }
}
