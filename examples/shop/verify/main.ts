import { parseArgs } from "node:util";
import { pause } from "../shared/retry.ts";
import { readSettings } from "../shared/settings.ts";
import type { Comparison } from "./compare-books.ts";
import { BOOKS, type Books, readBooks } from "./read-books.ts";

// Compares what was ordered with what was shipped, booked and told. Ends with 1 when something is lost, doubled or phantom.
//   --wait <seconds>   how long what is on its way may take to arrive; default 120, for what waits for a check-back
//                      of a service that is away
//   --json             the figures as one line of JSON
const { values } = parseArgs({ options: { wait: { type: "string" }, json: { type: "boolean" } } });
const settings = readSettings("SHOP_DATABASE_URL", "SHOP_API_URL", "SHOP_SHIPPING_KEY");
const deadline = performance.now() + Number(values.wait ?? 120) * 1000;
const surelay = { apiUrl: settings.SHOP_API_URL, key: settings.SHOP_SHIPPING_KEY };

let books = await readBooks(settings.SHOP_DATABASE_URL, surelay);
// A shop that is running has always something on its way: lost is what stays on this list to the end.
const suspects = Object.fromEntries(BOOKS.map((name) => [name, new Set(books[name].lost)]));
const narrow = () => {
  for (const name of BOOKS) {
    const lost = new Set(books[name].lost);
    for (const number of suspects[name]!) if (!lost.has(number)) suspects[name]!.delete(number);
  }
};
while (BOOKS.some((name) => suspects[name]!.size > 0) && performance.now() < deadline) {
  await pause(250, AbortSignal.timeout(250));
  books = await readBooks(settings.SHOP_DATABASE_URL, surelay);
  narrow();
}
for (const name of BOOKS) books[name].lost = [...suspects[name]!];
if (values.json) console.log(JSON.stringify(counts(books)));
else print(books);
const faults = BOOKS.map((name) => books[name]).flatMap(({ lost, doubled, phantom }) => [
  ...lost,
  ...doubled,
  ...phantom,
]);
process.exitCode = faults.length > 0 ? 1 : 0;

function counts(found: Books) {
  const countsOf = (one: Comparison) =>
    Object.fromEntries(
      Object.entries(one).map(([name, value]: [string, number | string[]]) => [
        name,
        typeof value === "number" ? value : value.length,
      ]),
    );
  return Object.fromEntries(BOOKS.map((name) => [name, countsOf(found[name])]));
}

function print(found: Books): void {
  const about = {
    shipping: { due: "orders", done: "waybills" },
    ledger: { due: "orders", done: "entries" },
    notices: { due: "waybills", done: "notices" },
  };
  for (const name of BOOKS) {
    const { due, done, lost, doubled, phantom, dead } = found[name];
    console.log(`${name}: ${due} ${about[name].due}, ${done} ${about[name].done}`);
    console.log(`  lost     ${listed(lost)}`);
    console.log(`  doubled  ${listed(doubled)}`);
    console.log(`  phantom  ${listed(phantom)}`);
    if (dead.length > 0) console.log(`  given up ${listed(dead)}: not lost, Surelay holds them for a person`);
  }
}

function listed(numbers: string[]): string {
  const some = `${numbers.slice(0, 5).join(", ")}${numbers.length > 5 ? ", …" : ""}`;
  return numbers.length === 0 ? "0" : `${numbers.length} (${some})`;
}
