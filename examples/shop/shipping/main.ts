import type { PoolClient } from "pg";
import { createConsumer } from "surelay-consumer";
import { pgDatabase } from "surelay-consumer/pg";
import { outbox } from "surelay-producer/outbox";
import { openDatabase } from "../shared/database.ts";
import { Journal, say, stopSignal } from "../shared/service.ts";
import { readSettings, shippingDatabase } from "../shared/settings.ts";
import { shipOrders, type ShippingTopics } from "./ship-order.ts";
import { SHIPPING_TABLES } from "./tables.ts";

const settings = readSettings("SHOP_API_URL", "SHOP_SHIPPING_KEY", "SHOP_DATABASE_URL", "SHOP_KAFKA_BROKERS");
const stop = stopSignal();
const journal = new Journal("shipping");
const trouble = (error: unknown) => journal.trouble(error);
const pool = await openDatabase(
  settings.SHOP_DATABASE_URL,
  shippingDatabase(),
  SHIPPING_TABLES,
  stop,
  trouble,
);
const database = pgDatabase(pool);
const { enqueue } = outbox<PoolClient, ShippingTopics>(database);

const consumer = createConsumer({
  brokers: settings.SHOP_KAFKA_BROKERS.split(","),
  topic: "orders.created",
  subscription: "shipping",
  groupId: "shop-shipping",
  database,
  ack: { url: settings.SHOP_API_URL, key: settings.SHOP_SHIPPING_KEY },
  sessionTimeoutMs: 6000, // a killed process's partitions wait that long for the next one
  onTrouble: ({ error }) => journal.trouble(error),
});
stop.addEventListener("abort", () => void consumer.stop(1000));

say("shipping", "started");
await consumer.run(journal.counting("shipped", "not shipped", shipOrders(enqueue)));
journal.end();
process.exit(0);
