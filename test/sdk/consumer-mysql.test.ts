import { createPool, type Pool, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll } from "vitest";
import { useMariadb } from "../support/mariadb.ts";
import { BUSINESS_TABLES } from "./business-tables.ts";
import { holdInbox } from "./consumer/inbox-contract.ts";
import { inboxDdl } from "./consumer/inbox-tables.ts";
import { useCutProxy } from "./cut-proxy.ts";
import { holdMysqlRigs } from "./rigs-mysql.ts";

const mariadb = useMariadb();
const proxy = useCutProxy(() => mariadb.port);
let direct: Pool;

beforeAll(async () => {
  direct = createPool({ uri: mariadb.url, multipleStatements: true });
  await direct.query(inboxDdl("mysql"));
  await direct.query(BUSINESS_TABLES.mysql);
});
afterAll(() => direct.end());

const site = {
  proxy,
  async countOrders(messageId: string) {
    const [rows] = await direct.query<RowDataPacket[]>(
      "SELECT count(*) AS n FROM orders WHERE message_id = ?",
      [messageId],
    );
    return Number(rows[0]!.n);
  },
  async age(messageId: string, days: number) {
    await direct.query(
      `UPDATE surelay_inbox SET started_at = started_at - INTERVAL ? DAY, finished_at = finished_at - INTERVAL ? DAY
       WHERE message_id = ?`,
      [days, days, messageId],
    );
  },
};

holdMysqlRigs((name, open) =>
  holdInbox(name, site, () => {
    const url = new URL(mariadb.url);
    url.port = String(proxy.port);
    return open(url.href);
  }),
);
