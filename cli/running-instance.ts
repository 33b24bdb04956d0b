import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isFolderLocked } from "../local/instance-lock.ts";
import { projectRoot } from "../server/config/project-root.ts";

interface Addresses {
  databaseUrl: string;
  kafkaBrokers: string;
}

const FILE = "instance.json";
/** In the data folder: the master secret that `surelay up` made, of which apps' signing secrets are derived. */
export const SIGNING_SECRET_FILE = "signing-secret";

/** Leaves the addresses of this instance's database and broker for the other commands, readable by this user alone. */
export function publishAddresses(dataDir: string, addresses: Addresses): void {
  writeFileSync(join(dataDir, FILE), JSON.stringify(addresses), { mode: 0o600 });
}

/** Those of an earlier run, on ports that are another program's by now, must not be found while this one starts. */
export function withdrawAddresses(dataDir: string): void {
  rmSync(join(dataDir, FILE), { force: true });
}

/**
 * The environment with DATABASE_URL, KAFKA_BROKERS and SURELAY_SIGNING_SECRET filled in, where they are not set, from the instance that
 * `surelay up` runs in this data folder, if one runs.
 */
export function withRunningInstance(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const dataDir = resolve(projectRoot(), env.SURELAY_DATA_DIR || ".surelay");
  if (!isFolderLocked(dataDir)) return env;
  try {
    const addresses = JSON.parse(readFileSync(join(dataDir, FILE), "utf8")) as Addresses;
    return {
      ...env,
      DATABASE_URL: env.DATABASE_URL || addresses.databaseUrl,
      KAFKA_BROKERS: env.KAFKA_BROKERS || addresses.kafkaBrokers,
      SURELAY_SIGNING_SECRET: env.SURELAY_SIGNING_SECRET || signingSecretIn(dataDir),
    };
  } catch {
    return env; // it is only just starting
  }
}

function signingSecretIn(dataDir: string): string | undefined {
  const file = join(dataDir, SIGNING_SECRET_FILE);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}
