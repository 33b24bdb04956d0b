import { once } from "node:events";
import { openDatabase } from "../shared/database.ts";
import { pause } from "../shared/retry.ts";
import { Journal, say, stopSignal } from "../shared/service.ts";
import { readSettings, shippingDatabase } from "../shared/settings.ts";
import { Surelay } from "../shared/surelay.ts";
import { announceShipments } from "./announce-shipments.ts";
import { consumeOrders } from "./consume-orders.ts";
import { SHIPPING_TABLES } from "./tables.ts";

const settings = readSettings("SHOP_API_URL", "SHOP_SHIPPING_KEY", "SHOP_DATABASE_URL", "SHOP_KAFKA_BROKERS");
const stop = stopSignal();
const journal = new Journal("shipping");
const db = await openDatabase(
  settings.SHOP_DATABASE_URL,
  shippingDatabase(),
  SHIPPING_TABLES,
  stop,
  (error) => journal.trouble(error),
);
const surelay = new Surelay(settings.SHOP_API_URL, settings.SHOP_SHIPPING_KEY, stop);
const shipped = new EventTarget();

say("shipping", "started");
await Promise.all([
  consumeOrders({
    brokers: settings.SHOP_KAFKA_BROKERS.split(","),
    db,
    journal,
    stop,
    onShipped: () => shipped.dispatchEvent(new Event("waybill")),
  }),
  keepAnnouncing(),
]);
journal.end();
process.exit(0);

async function keepAnnouncing(): Promise<void> {
  while (!stop.aborted) {
    const wake = new AbortController();
    const news = once(shipped, "waybill", { signal: wake.signal }).catch(() => undefined);
    try {
      const more = await announceShipments(db, surelay, journal);
      if (!more) await Promise.race([news, pause(2000, stop)]);
    } catch (error) {
      if (!stop.aborted) journal.trouble(error);
      await pause(1000, stop);
    } finally {
      wake.abort();
    }
  }
}
