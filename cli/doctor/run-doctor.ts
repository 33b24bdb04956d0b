import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readConfig } from "../../server/config/config.ts";
import { readSourceAddresses } from "../../server/config/source-addresses.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { withRunningInstance } from "../running-instance.ts";
import { checkBroker } from "./broker-checks.ts";
import { renderChecks } from "./check.ts";
import { checkDatabase } from "./database-checks.ts";
import { checkSources } from "./source-checks.ts";
import { checkDisk, checkJava, checkMaven, checkNode } from "./machine-checks.ts";

/**
 * Runs all checks and prints them.
 *
 * @returns whether none failed
 * @throws OperatorError `bad_configuration`
 */
export async function runDoctor(options: { json?: boolean }): Promise<boolean> {
  const config = readConfig(withRunningInstance(process.env));
  const root = projectRoot();
  const dataDir = resolve(root, config.SURELAY_DATA_DIR);
  const embeddedKafka = !config.KAFKA_BROKERS;
  const [machine, database] = await Promise.all([
    Promise.all([
      checkJava(embeddedKafka),
      checkMaven(embeddedKafka),
      checkDisk(existsSync(dataDir) ? dataDir : root),
    ]),
    checkDatabase({
      url: config.DATABASE_URL,
      root,
      partitionsAheadDays: config.SURELAY_PARTITIONS_AHEAD_DAYS,
    }),
  ]);
  const migrated = database.some((check) => check.name === "Schema" && check.status === "ok");
  const broker = await checkBroker({
    brokers: config.KAFKA_BROKERS,
    environment: config.SURELAY_ENV,
    databaseUrl: migrated ? config.DATABASE_URL : undefined,
  });
  const sources = migrated
    ? await checkSources(config.DATABASE_URL!, readSourceAddresses(withRunningInstance(process.env)))
    : [];
  const checks = [checkNode(), ...machine, ...database, ...broker, ...sources];
  const failed = checks.filter((check) => check.status === "fail").length;
  if (options.json) console.log(JSON.stringify({ ok: failed === 0, checks }, null, 2));
  else
    console.log(
      `${renderChecks(checks)}\n\n${failed === 0 ? "Nothing stands in the way." : `${failed} of ${checks.length} checks failed.`}`,
    );
  return failed === 0;
}
