import { beforeAll } from "vitest";
import { useDatabase } from "../support/database.ts";
import { BUSINESS_TABLES } from "./business-tables.ts";
import { holdInbox } from "./consumer/inbox-contract.ts";
import { inboxDdl } from "./consumer/inbox-tables.ts";
import { useCutProxy } from "./cut-proxy.ts";
import { holdPostgresqlRigs } from "./rigs-postgresql.ts";

const database = useDatabase();
const proxy = useCutProxy(() => Number(new URL(database.url).port));

beforeAll(async () => {
  await database.pool.query(inboxDdl("postgresql"));
  await database.pool.query(BUSINESS_TABLES.postgresql);
});

const site = {
  proxy,
  async countOrders(messageId: string) {
    const { rows } = await database.pool.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM orders WHERE message_id = $1",
      [messageId],
    );
    return rows[0]!.n;
  },
  async age(messageId: string, days: number) {
    await database.pool.query(
      `UPDATE surelay_inbox SET started_at = started_at - make_interval(days => $2), finished_at = finished_at - make_interval(days => $2)
       WHERE message_id = $1`,
      [messageId, days],
    );
  },
};

holdPostgresqlRigs((name, open) =>
  holdInbox(name, site, () => {
    const url = new URL(database.url);
    url.port = String(proxy.port);
    return open(url.href);
  }),
);
