import { openDatabase } from "../shared/database.ts";
import { Journal, say, stopSignal } from "../shared/service.ts";
import { readSettings, shippingDatabase } from "../shared/settings.ts";
import { consumeOrders } from "./consume-orders.ts";
import { SHIPPING_TABLES } from "./tables.ts";

const settings = readSettings("SHOP_DATABASE_URL", "SHOP_KAFKA_BROKERS");
const stop = stopSignal();
const journal = new Journal("shipping");
const db = await openDatabase(
  settings.SHOP_DATABASE_URL,
  shippingDatabase(),
  SHIPPING_TABLES,
  stop,
  (error) => journal.trouble(error),
);

say("shipping", "started");
await consumeOrders({ brokers: settings.SHOP_KAFKA_BROKERS.split(","), db, journal, stop });
journal.end();
process.exit(0);
