import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { projectRoot } from "../../server/config/project-root.ts";
import type { Pool } from "../../server/db.ts";
import { NO_CHECK_SETTINGS } from "../../server/domain/check-policy.ts";
import { laneOf } from "../../server/domain/lane.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { upsertApp } from "../../server/store/apps.ts";
import { insertPrepared } from "../../server/store/store-messages.ts";
import { upsertTopic } from "../../server/store/topics.ts";

const OUT = join(projectRoot(), "dist/bench-confirm");
const TOPIC = "orders.created";

/** Worker, producer and asker as bundles, as production runs them. */
export async function bundle(): Promise<void> {
  const root = projectRoot();
  await build({
    entryPoints: {
      confirm: join(root, "workers/confirm/main.ts"),
      producer: join(root, "bench/confirm/producer.ts"),
      asker: join(root, "bench/confirm/asker.ts"),
    },
    outdir: OUT,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
}

export interface BenchProcess {
  pid: number;
  /** The first line of JSON it printed that satisfies. */
  first(satisfies: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

export function start(name: "confirm" | "producer" | "asker", env: Record<string, string>): BenchProcess {
  const child: ChildProcess = spawn(process.execPath, [join(OUT, `${name}.mjs`)], {
    env: { PATH: process.env.PATH, NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const lines: Record<string, unknown>[] = [];
  const listeners = new Set<() => void>();
  createInterface({ input: child.stdout! }).on("line", (line) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
    listeners.forEach((listener) => listener());
  });
  return {
    pid: child.pid!,
    first: (satisfies) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(satisfies);
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        void ended.then(() => reject(new Error(`${name} ended: ${JSON.stringify(lines.slice(-3))}`)));
        look();
      }),
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** Apps whose check URL leads to one producer. @param concurrency of each; null: the default */
export async function declareApps(
  pool: Pool,
  url: string,
  count: number,
  concurrency: number | null,
): Promise<Of[]> {
  const topic = await upsertTopic(pool, { name: TOPIC, partitions: 6, schema: null, masked: false });
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const app = await upsertApp(pool, {
        name: `orders-${n + 1}`,
        checkUrl: url,
        checkAfterSeconds: null,
        contact: null,
        check: { ...NO_CHECK_SETTINGS, concurrency },
      });
      return { appId: app.id, topicId: topic.id };
    }),
  );
}

export interface Of {
  appId: number;
  topicId: number;
}

/** Prepared messages of these apps in turn. */
export async function prepare(
  hot: Pool,
  of: readonly Of[],
  count: number,
  checkAfterSeconds: number,
): Promise<void> {
  const payload = Buffer.from(JSON.stringify({ text: "p".repeat(289) }));
  for (let at = 0; at < count; at += 500) {
    await insertPrepared(
      hot,
      Array.from({ length: Math.min(500, count - at) }, (_, i) => {
        const id = newMessageId();
        return {
          ...of[(at + i) % of.length]!,
          id,
          lane: laneOf(TOPIC, null, id, 4),
          key: null,
          type: null,
          businessKey: `order-${at + i}`,
          contentType: "application/json",
          headers: null,
          traceparent: null,
          payload,
          deliverAt: null,
          checkAfterSeconds,
        };
      }),
    );
  }
}
