import { createConsumer } from "surelay-consumer";
import { pgDatabase } from "surelay-consumer/pg";
import { openDatabase } from "../shared/database.ts";
import { Journal, say, stopSignal } from "../shared/service.ts";
import { ledgerDatabase, readSettings } from "../shared/settings.ts";
import { bookOrder } from "./book-order.ts";
import { LEDGER_TABLES } from "./tables.ts";

const settings = readSettings("SHOP_DATABASE_URL", "SHOP_KAFKA_BROKERS");
const stop = stopSignal();
const journal = new Journal("ledger");
const trouble = (error: unknown) => journal.trouble(error);
const pool = await openDatabase(settings.SHOP_DATABASE_URL, ledgerDatabase(), LEDGER_TABLES, stop, trouble);

const consumer = createConsumer({
  brokers: settings.SHOP_KAFKA_BROKERS.split(","),
  topic: "orders.created",
  subscription: "ledger",
  groupId: "shop-ledger",
  database: pgDatabase(pool),
  ack: "offset", // nobody is told anything: the committed offset says how far it is
  onRejected: ({ id, bytes }, error) =>
    pool.query(
      "INSERT INTO suspense (message_id, payload, reason) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
      [id, bytes, String(error)],
    ),
  sessionTimeoutMs: 6000,
  onTrouble: ({ error }) => journal.trouble(error),
});
stop.addEventListener("abort", () => void consumer.stop(1000));

say("ledger", "started");
await consumer.run(journal.counting("booked", "not booked", bookOrder));
journal.end();
process.exit(0);
