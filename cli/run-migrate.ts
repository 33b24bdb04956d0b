import { probeDatabase } from "../server/db.ts";
import { migrate, pendingMigrations } from "../server/store/migrate.ts";
import { commandConfig, databaseUrlOf, migrationsFolder } from "./target.ts";

export async function runMigrate(options: { dryRun?: boolean }): Promise<void> {
  const config = commandConfig();
  const url = databaseUrlOf(config);
  await probeDatabase(url);
  if (options.dryRun) {
    const pending = await pendingMigrations(url, migrationsFolder());
    console.log(pending.length > 0 ? `to be applied:\n${list(pending)}` : "nothing to be applied");
    return;
  }
  const applied = await migrate({
    url,
    folder: migrationsFolder(),
    lanes: config.SURELAY_LANES,
    idPastSeconds: config.SURELAY_ID_PAST_SECONDS,
    partitionsAheadDays: config.SURELAY_PARTITIONS_AHEAD_DAYS,
  });
  console.log(applied.length > 0 ? `applied:\n${list(applied)}` : "nothing to be applied");
}

function list(names: string[]): string {
  return names.map((name) => `  ${name}`).join("\n");
}
