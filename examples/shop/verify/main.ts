import { parseArgs } from "node:util";
import { pause } from "../shared/retry.ts";
import { readSettings } from "../shared/settings.ts";
import type { Comparison } from "./compare-books.ts";
import { readBooks } from "./read-books.ts";

// Compares what was ordered with what was shipped. Ends with 1 when something is lost, doubled or phantom.
//   --wait <seconds>   how long what is on its way may take to arrive; default 120, for what waits for a check-back
//                      of a service that is away
//   --json             the figures as one line of JSON
const { values } = parseArgs({ options: { wait: { type: "string" }, json: { type: "boolean" } } });
const settings = readSettings("SHOP_DATABASE_URL");
const deadline = performance.now() + Number(values.wait ?? 120) * 1000;

let books = await readBooks(settings.SHOP_DATABASE_URL);
// A shop that is running has always something on its way: lost is what stays on this list to the end.
let suspects = new Set(books.lost);
while (suspects.size > 0 && performance.now() < deadline) {
  await pause(250, AbortSignal.timeout(250));
  books = await readBooks(settings.SHOP_DATABASE_URL);
  suspects = new Set(books.lost.filter((number) => suspects.has(number)));
}
books.lost = [...suspects];
if (values.json) console.log(JSON.stringify(counts(books)));
else print(books);
process.exitCode = books.lost.length + books.doubled.length + books.phantom.length > 0 ? 1 : 0;

function counts(found: Comparison): Record<string, number> {
  return Object.fromEntries(
    Object.entries(found).map(([name, value]: [string, number | string[]]) => [
      name,
      typeof value === "number" ? value : value.length,
    ]),
  );
}

function print(found: Comparison): void {
  const line = (name: string, value: number, note: string) =>
    console.log(`${name.padEnd(12)}${String(value).padStart(9)}   ${note}`.trimEnd());
  line("orders", found.orders, "committed");
  line("waybills", found.waybills, "written");
  line("lost", found.lost.length, `committed and not shipped ${some(found.lost)}`);
  line("doubled", found.doubled.length, `shipped more than once ${some(found.doubled)}`);
  line("phantom", found.phantom.length, `shipped without an order ${some(found.phantom)}`);
}

function some(numbers: string[]): string {
  return numbers.length === 0 ? "" : `(${numbers.slice(0, 5).join(", ")}${numbers.length > 5 ? ", …" : ""})`;
}
