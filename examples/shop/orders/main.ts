import { openDatabase } from "../shared/database.ts";
import { isTemporary, pause } from "../shared/retry.ts";
import { Journal, say, stopSignal } from "../shared/service.ts";
import { numberSetting, ordersDatabase, readSettings } from "../shared/settings.ts";
import { Surelay } from "../shared/surelay.ts";
import { confirmLeftovers } from "./confirm-leftovers.ts";
import { placeOrder, type Shop } from "./place-order.ts";
import { ORDER_TABLES } from "./tables.ts";

const AT_ONCE = 32;

const settings = readSettings("SHOP_API_URL", "SHOP_ORDERS_KEY", "SHOP_DATABASE_URL");
const rate = numberSetting("SHOP_RATE", 2);
const limit = numberSetting("SHOP_LIMIT", Infinity);
const stop = stopSignal();
const journal = new Journal("orders");
const db = await openDatabase(settings.SHOP_DATABASE_URL, ordersDatabase(), ORDER_TABLES, stop, (error) =>
  journal.trouble(error),
);
const shop: Shop = {
  db,
  surelay: new Surelay(settings.SHOP_API_URL, settings.SHOP_ORDERS_KEY, stop),
  journal,
  stop,
};

say("orders", "started", { ratePerSecond: rate });
const leftovers = keepConfirming();
await placeOrders();
say("orders", "no more orders");
await leftovers;
journal.end();
process.exit(0);

/** Places orders at the rate, at most 32 at once. Time in which none could be placed is not made up for. */
async function placeOrders(): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let next = performance.now();
  for (let placed = 0; placed < limit && !stop.aborted; placed++) {
    const one = placeOne().finally(() => underWay.delete(one));
    underWay.add(one);
    if (underWay.size >= AT_ONCE) await Promise.race(underWay);
    next = Math.max(next + 1000 / rate, performance.now() - 1000);
    if (next > performance.now()) await pause(next - performance.now(), stop);
  }
  await Promise.all(underWay);
}

async function placeOne(): Promise<void> {
  try {
    journal.count(await placeOrder(shop));
  } catch (error) {
    if (stop.aborted) return;
    journal.trouble(error);
    await pause(isTemporary(error) ? 500 : 5000, stop); // a wrong key stays wrong: ask seldom, do not crash
  }
}

async function keepConfirming(): Promise<void> {
  while (!stop.aborted) {
    await confirmLeftovers(shop).catch((error: unknown) => journal.trouble(error));
    await pause(2000, stop);
  }
}
