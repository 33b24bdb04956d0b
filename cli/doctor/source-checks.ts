import type { SourceAddresses } from "../../server/config/source-addresses.ts";
import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { listSources, type OutboxSourceItem } from "../../server/services/outbox-sources/list-sources.ts";
import { testConnection } from "../../server/services/outbox-sources/test-connection.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** Each declared outbox source: whether it can be collected from here, and whether somebody does. */
export async function checkSources(databaseUrl: string, addresses: SourceAddresses): Promise<Check[]> {
  const pool = createPool({ url: databaseUrl, max: 1, name: "doctor", log: silentLog });
  try {
    const sources = await listSources(pool);
    return await Promise.all(sources.map((source) => checkSource(source, addresses)));
  } finally {
    await pool.end();
  }
}

async function checkSource(source: OutboxSourceItem, addresses: SourceAddresses): Promise<Check> {
  const name = `Source ${source.name}`;
  const test = await testConnection(source, addresses, silentLog);
  if (test.kind === "fault" && test.code !== "unset")
    return fail(
      name,
      test.detail,
      `Mend it, or change the declaration: ${source.connection} is its address.`,
    );
  if (source.faultDetail !== null)
    return fail(name, `its collector says: ${source.faultDetail}`, "See the collector's log.");
  if (source.standing === "unowned")
    return warn(name, "nobody collects it", "Start a collector: `surelay worker collect`.");
  if (source.failures > 0)
    return warn(
      name,
      `${source.failures} ${source.failures === 1 ? "row is" : "rows are"} refused, and with them their keys wait`,
      "See the source's page in the console for the reasons.",
    );
  if (test.kind === "fault")
    return ok(
      name,
      `${source.standing}; ${source.connection} is not set here, which only its collector needs`,
    );
  return ok(name, `${source.standing}; ${test.found}`);
}
