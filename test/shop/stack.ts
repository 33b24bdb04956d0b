import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import pg from "pg";
import { inject } from "vitest";
import { freePort } from "../../local/ports.ts";
import { waitUntil } from "../../local/wait-until.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { runCommand } from "../cli/run-command.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { type Program, startProgram } from "./program.ts";

export const dist = (path: string) => join(projectRoot(), "dist", path);

/** The service as it is deployed: processes of the bundles, started by the command line. */
export interface Stack {
  url: string;
  startApi(): Promise<Program>;
  /** Any other process: relay, confirm, collect, recover, ack, notify. */
  startWorker(name: string): Promise<Program>;
  apply(topologyFile: string): Promise<void>;
  createKey(app: string, scope: string): Promise<string>;
  /** What an app verifies check-backs with, or, as `topic/name`, a webhook its calls. */
  secretOf(whose: string): Promise<string>;
}

/** @param sources addresses of business databases, by the names of their variables */
export async function prepareStack(
  databaseUrl: string,
  sources: Record<string, string> = {},
): Promise<Stack> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: kafkaBootstrap(),
    SURELAY_API_PORT: String(port),
    SURELAY_ENV: `shop-${randomBytes(4).toString("hex")}`,
    SURELAY_DATA_DIR: "/nonexistent/surelay",
    SURELAY_SIGNING_SECRET: randomBytes(32).toString("hex"),
    SURELAY_ALLOWED_HOSTS: "127.0.0.1",
    ...sources,
  };
  const worker = (name: string) => startProgram(dist("cli.mjs"), ["worker", name], env);
  const command = async (args: string[]) => {
    const { code, stdout, stderr } = await runCommand(args, env);
    if (code !== 0) throw new Error(`surelay ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  return {
    url,
    async startApi() {
      const api = worker("api");
      await api.says('"started"');
      const isReady = () =>
        fetch(`${url}/readyz`).then(
          (r) => r.ok,
          () => false,
        );
      if (!(await waitUntil(isReady, { timeoutMs: 20_000 })))
        throw new Error(`the api did not become ready:\n${api.output()}`);
      return api;
    },
    async startWorker(name) {
      const started = worker(name);
      await started.says('"started"');
      return started;
    },
    apply: async (topologyFile) => void (await command(["apply", "-f", topologyFile])),
    createKey: async (app, scope) =>
      (await command(["keys", "create", "--app", app, "--scope", scope])).trim(),
    secretOf: async (whose) =>
      (await command(["secrets", "show", whose.includes("/") ? "--subscription" : "--app", whose])).trim(),
  };
}

/** The shop's topics have fixed names on a broker that other test files use too: begin without their messages. */
export async function removeTopics(...topics: string[]): Promise<void> {
  const kafka = new Kafka({ brokers: [kafkaBootstrap()], clientId: "test", logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = async () => (await admin.listTopics()).filter((topic) => topics.includes(topic));
    const old = await existing();
    if (old.length > 0) await admin.deleteTopics({ topics: old });
    await waitUntil(async () => (await existing()).length === 0, { timeoutMs: 20_000, everyMs: 50 });
  } finally {
    await admin.disconnect();
  }
}

/** Another database on the run's server, by its name. */
export function databaseUrl(name: string): string {
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  return url.href;
}

export async function asAdmin(statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: inject("postgresUrl") });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}

export function writeFile(path: string, text: string): string {
  writeFileSync(path, text);
  return path;
}
