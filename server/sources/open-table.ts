import type { OutboxSourceSpec } from "../domain/outbox-source.ts";
import type { Log } from "../log.ts";
import { mysqlTable } from "./mysql-table.ts";
import type { OutboxTable } from "./outbox-table.ts";
import { postgresqlTable } from "./postgresql-table.ts";
import { SourceFault } from "./source-fault.ts";

const PROTOCOLS = {
  postgresql: ["postgres:", "postgresql:"],
  mysql: ["mysql:", "mariadb:"],
} as const;

/**
 * The table of a source; nothing is connected to yet.
 *
 * @param url of the business database; undefined: the variable is not set here
 * @throws SourceFault `unset`, `bad_address`; neither names the address
 */
export function openTable(spec: OutboxSourceSpec, url: string | undefined, log: Log): OutboxTable {
  if (url === undefined || url === "")
    throw new SourceFault("unset", `${spec.connection} is not set for this process`);
  const address = URL.canParse(url) ? new URL(url) : null;
  if (!address || !(PROTOCOLS[spec.kind] as readonly string[]).includes(address.protocol))
    throw new SourceFault(
      "bad_address",
      `${spec.connection} holds no address such as ${spec.kind}://user:password@host/database`,
    );
  const port = address.port || (spec.kind === "mysql" ? "3306" : "5432");
  const place = `${address.hostname}:${port}${address.pathname} ${spec.table}`;
  if (spec.kind === "postgresql") return postgresqlTable({ url, spec, place, log });
  address.protocol = "mysql:";
  return mysqlTable({ url: address.href, spec, place });
}
