import pg from "pg";
import { ordersDatabase, shippingDatabase } from "../shared/settings.ts";
import { type Comparison, compareBooks } from "./compare-books.ts";

/** Reads both databases and compares them: waybills first, so that no order is missing that has a waybill already. */
export async function readBooks(adminUrl: string): Promise<Comparison> {
  const waybills = await numbersOf(
    adminUrl,
    shippingDatabase(),
    "SELECT order_number AS number FROM waybill",
  );
  const orders = await numbersOf(adminUrl, ordersDatabase(), "SELECT number FROM orders");
  return compareBooks(orders, waybills);
}

async function numbersOf(adminUrl: string, database: string, query: string): Promise<string[]> {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    return (await client.query<{ number: string }>(query)).rows.map((row) => row.number);
  } finally {
    await client.end();
  }
}
