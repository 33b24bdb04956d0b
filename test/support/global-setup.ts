import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startBroker } from "../../local/kafka.ts";
import { startPostgres } from "../../local/postgres.ts";
import { openTemporaryFolder } from "../../local/unprivileged-user.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { migrate } from "../../server/store/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
    kafkaBootstrap: string;
  }
}

/** The database that `useDatabase` clones: migrated once, used by nobody. */
export const TEMPLATE = "surelay_template";

/** One PostgreSQL (without fsync: it is thrown away) and one Kafka broker for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "surelay-test-"));
  openTemporaryFolder(folder);
  const started = await Promise.allSettled([
    startPostgres({
      dataDir: join(folder, "postgres"),
      settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off" },
    }),
    startBroker({
      dataDir: join(folder, "kafka"),
      // So that a test need not wait six seconds for a consumer that was killed.
      properties: { "group.min.session.timeout.ms": "500" },
    }),
  ]);
  const stop = async () => {
    await Promise.all(started.map(async (s) => (s.status === "fulfilled" ? s.value.stop() : undefined)));
    rmSync(folder, { recursive: true, force: true });
  };
  const [postgres, broker] = started;
  if (postgres.status === "rejected" || broker.status === "rejected") {
    await stop();
    throw postgres.status === "rejected" ? postgres.reason : (broker as PromiseRejectedResult).reason;
  }
  await makeTemplate(postgres.value.url);
  project.provide("postgresUrl", postgres.value.url);
  project.provide("kafkaBootstrap", broker.value.bootstrap);
  return stop;
}

async function makeTemplate(url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  const template = new URL(url);
  template.pathname = `/${TEMPLATE}`;
  await migrate({
    url: template.href,
    folder: join(projectRoot(), "prisma/migrations"),
    lanes: 4,
    idPastSeconds: 7 * 86_400,
    partitionsAheadDays: 2,
  });
  await admin.end();
}
