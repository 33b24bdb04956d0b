import { beforeAll } from "vitest";
import { useApi } from "../api/use-api.ts";
import { holdAdapter } from "./adapter-contract.ts";
import { barrierDdl, BUSINESS_TABLES } from "./business-tables.ts";
import { useCutProxy } from "./cut-proxy.ts";
import { holdPostgresqlRigs } from "./rigs-postgresql.ts";

const api = useApi();
const proxy = useCutProxy(() => Number(new URL(api.database.url).port));

beforeAll(async () => {
  await api.database.pool.query(barrierDdl("postgresql"));
  await api.database.pool.query(BUSINESS_TABLES.postgresql);
});

/** The business database through the proxy. */
function proxied(): string {
  const url = new URL(api.database.url);
  url.port = String(proxy.port);
  return url.href;
}

async function countOrders(messageId: string): Promise<number> {
  const { rows } = await api.database.pool.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM orders WHERE message_id = $1",
    [messageId],
  );
  return rows[0]!.n;
}

const site = { api, proxy, countOrders };
holdPostgresqlRigs((name, open) => holdAdapter(name, site, () => open(proxied())));
