import { createServer } from "node:http";
import { checkHandler, Producer, pruneBarrier } from "surelay-producer";
import { pgDatabase } from "surelay-producer/pg";
import { openDatabase } from "../shared/database.ts";
import { isTemporary, pause } from "../shared/retry.ts";
import { Journal, say, stopSignal } from "../shared/service.ts";
import { numberSetting, ordersDatabase, readSettings } from "../shared/settings.ts";
import { unlucky } from "./mishaps.ts";
import { placeOrder, type OrderTopics } from "./place-order.ts";
import { ORDER_TABLES } from "./tables.ts";

const AT_ONCE = 32;

const settings = readSettings("SHOP_API_URL", "SHOP_ORDERS_KEY", "SHOP_CHECK_SECRET", "SHOP_DATABASE_URL");
const rate = numberSetting("SHOP_RATE", 2);
const limit = numberSetting("SHOP_LIMIT", Infinity);
const port = numberSetting("SHOP_CHECK_PORT", 9001);
const meanSecondsToLive = numberSetting("SHOP_MISHAP_SECONDS", Infinity);
const stop = stopSignal();
const journal = new Journal("orders");
const trouble = (error: unknown) => journal.trouble(error);
const pool = await openDatabase(settings.SHOP_DATABASE_URL, ordersDatabase(), ORDER_TABLES, stop, trouble);
const database = pgDatabase(pool);

const surelay = new Producer<OrderTopics>({
  url: settings.SHOP_API_URL,
  key: settings.SHOP_ORDERS_KEY,
  onUnsettled: trouble, // a check-back will settle it
});
const transact = surelay.transactIn(
  unlucky(database, meanSecondsToLive, (moment) => {
    journal.flush();
    say("orders", "killed", { moment });
  }),
);

const check = checkHandler({ database, secret: settings.SHOP_CHECK_SECRET, onError: trouble });
createServer((request, response) => {
  if (request.url === "/check") check.node(request, response);
  else response.writeHead(404).end();
}).listen(port, "127.0.0.1");
void pruneBarrier(database).catch(trouble); // at each start: this one is started often enough

say("orders", "started", { ratePerSecond: rate });
await placeOrders();
say("orders", "no more orders");
if (!stop.aborted) await new Promise((resolve) => stop.addEventListener("abort", resolve)); // check-backs are answered still
await surelay.close(1000);
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
    journal.count(await placeOrder(pool, transact));
  } catch (error) {
    if (stop.aborted) return;
    journal.trouble(error);
    await pause(isTemporary(error) ? 500 : 5000, stop); // a wrong key stays wrong: ask seldom, do not crash
  }
}
