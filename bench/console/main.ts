import { parseArgs } from "node:util";
import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { printFigures, printTable } from "../support/report.ts";
import { startScratchDatabase } from "../support/scratch-database.ts";
import { measurePages } from "./measure-pages.ts";
import { measureReads } from "./measure-reads.ts";
import { seedMessages } from "./seed-messages.ts";

/**
 * What the console's pages cost: time of each read behind them on a store of millions, beside a bare look-up by primary key
 * in the same run, and the JavaScript of each page's first load.
 *
 * --messages N    stored (default 5,000,000)
 * --days N        days over which they are spread (default 30)
 * --rounds N      measurements of each read (default 60)
 * --console URL   a running console (a production build) whose pages are weighed; with --user and --password
 * --skip-reads    weigh the pages only
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      messages: { type: "string", default: "5000000" },
      days: { type: "string", default: "30" },
      rounds: { type: "string", default: "60" },
      console: { type: "string" },
      user: { type: "string", default: "admin" },
      password: { type: "string" },
      "skip-reads": { type: "boolean", default: false },
    },
  });
  const [messages, days, rounds] = [Number(values.messages), Number(values.days), Number(values.rounds)];
  const reads = values["skip-reads"] ? [] : await onSeededStore(messages, days, rounds);
  printTable(
    `${messages.toLocaleString("en")} stored messages over ${days} days: ms per read`,
    reads.map((read) => ({ ...read })),
  );
  const pages =
    values.console === undefined
      ? []
      : await measurePages(values.console, { username: values.user, password: values.password ?? "" });
  printTable("JavaScript of the first load, KB gzipped", pages);
  printFigures("console", { messages, days, rounds, reads, pages });
}

async function onSeededStore(messages: number, days: number, rounds: number) {
  const database = await startScratchDatabase({ idPastDays: days + 1 });
  const pool = createPool({
    url: database.url,
    max: 6,
    name: "bench",
    log: silentLog,
    statementTimeoutMs: 0,
  });
  try {
    await seedMessages(pool, { messages, days });
    return await measureReads(pool, { messages, rounds });
  } finally {
    await pool.end();
    await database.stop();
  }
}
