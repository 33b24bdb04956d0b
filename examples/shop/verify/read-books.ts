import pg from "pg";
import { ledgerDatabase, noticesDatabase, ordersDatabase, shippingDatabase } from "../shared/settings.ts";
import { compareBooks, type Comparison } from "./compare-books.ts";
import { type Asking, readGivenUp } from "./read-given-up.ts";

export const BOOKS = ["shipping", "ledger", "notices"] as const;
export type Books = Record<(typeof BOOKS)[number], Comparison>;

interface Row {
  number: string;
}

/**
 * Reads the books of all services and compares them: orders with waybills and entries, waybills with notices. What was done
 * is read before what was due, so that nothing seems to be done without having been due.
 */
export async function readBooks(adminUrl: string, surelay: Asking): Promise<Books> {
  const notices = await rowsOf<Row>(adminUrl, noticesDatabase(), "SELECT order_number AS number FROM notice");
  const [opened] = await rowsOf<{ at: string }>(adminUrl, noticesDatabase(), "SELECT at::text FROM opened");
  const waybills = await rowsOf<Row & { announced: boolean }>(
    adminUrl,
    shippingDatabase(),
    "SELECT order_number AS number, written_at > $1 AS announced FROM waybill",
    [opened?.at],
  );
  const entries = await rowsOf<Row>(adminUrl, ledgerDatabase(), "SELECT order_number AS number FROM entry");
  const orders = await rowsOf<Row>(adminUrl, ordersDatabase(), "SELECT number FROM orders");
  const told = new Set(numbers(notices));
  const toTell = waybills.filter(({ number, announced }) => announced || told.has(number));
  return {
    shipping: compareBooks(numbers(orders), numbers(waybills), await readGivenUp(surelay, "shipping")),
    ledger: compareBooks(numbers(orders), numbers(entries)),
    notices: compareBooks(numbers(toTell), numbers(notices), await readGivenUp(surelay, "notices")),
  };
}

const numbers = (rows: readonly Row[]): string[] => rows.map(({ number }) => number);

async function rowsOf<R extends pg.QueryResultRow>(
  adminUrl: string,
  database: string,
  query: string,
  values: unknown[] = [],
): Promise<R[]> {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    return (await client.query<R>(query, values)).rows;
  } finally {
    await client.end();
  }
}
