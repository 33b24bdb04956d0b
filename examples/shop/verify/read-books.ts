import pg from "pg";
import { ordersDatabase, shippingDatabase } from "../shared/settings.ts";
import { type Comparison, compareBooks, type OrderEntry } from "./compare-books.ts";

/** Reads both databases and compares them: waybills first, so that no order is missing that has a waybill already. */
export async function readBooks(adminUrl: string): Promise<Comparison> {
  const waybills = await rowsOf<{ order_number: string }>(
    adminUrl,
    shippingDatabase(),
    "SELECT order_number FROM waybill",
  );
  const orders = await rowsOf<OrderEntry>(
    adminUrl,
    ordersDatabase(),
    "SELECT number, confirmed_at IS NOT NULL AS confirmed, confirm_withheld AS withheld FROM orders",
  );
  return compareBooks(
    orders,
    waybills.map((row) => row.order_number),
  );
}

async function rowsOf<Row extends pg.QueryResultRow>(
  adminUrl: string,
  database: string,
  query: string,
): Promise<Row[]> {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    return (await client.query<Row>(query)).rows;
  } finally {
    await client.end();
  }
}
