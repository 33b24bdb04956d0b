import { parseArgs } from "node:util";
import { printFigures, printTable } from "../support/report.ts";
import { startScratchDatabase } from "../support/scratch-database.ts";
import { measureDeadlines } from "./measure-deadlines.ts";
import { measureScheduled } from "./measure-scheduled.ts";

/**
 * What recovery does on time: messages that are due together become READY, deadlines that pass together are missed, and
 * redeliveries given out. One recover process of the product's own entry point, and a database with fsync on.
 *
 * --scheduled N    messages that come due within one second (default 10,000)
 * --deliveries N   deadlines that have passed (default 50,000)
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      scheduled: { type: "string", default: "10000" },
      deliveries: { type: "string", default: "50000" },
    },
  });
  const database = await startScratchDatabase({ lanes: 4 });
  try {
    const scheduled = await measureScheduled(database.url, Number(values.scheduled));
    printTable("deliverAt → committed as READY, ms", [{ ...scheduled }]);
    const deliveries = await measureDeadlines(database.url, Number(values.deliveries));
    printTable("deliveries of one subscription, per second", [{ ...deliveries }]);
    printFigures("recover", { scheduled, deliveries });
  } finally {
    await database.stop();
  }
}
