import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { OperatorError } from "../server/errors.ts";
import { type Child, endChild } from "./child.ts";
import { diskFull } from "./disk.ts";
import { brokerProperties } from "./kafka-config.ts";
import { askMetadata } from "./kafka-metadata.ts";
import { CHECKPOINT_NAME, type KafkaRuntime, prepareKafka, spawnBroker } from "./kafka-runtime.ts";
import { freePort, portInUse, requireFreePort } from "./ports.ts";
import { tailFile } from "./tail-file.ts";
import { waitUntil } from "./wait-until.ts";

export interface BrokerOptions {
  /** Folder of this broker alone; made at the first start. Two brokers in one folder ruin it: lock it first. */
  dataDir: string;
  /** Default: a free one. May differ from one start to the next. */
  port?: number;
  /** Added to, and stronger than, what brokerProperties sets. */
  properties?: Record<string, string>;
  /** Default: `<dataDir>/kafka.log`. */
  logFile?: string;
  env?: Record<string, string>;
  portVariable?: string;
  onProgress?: (text: string) => void;
  /** Called at once when the process exists, before it is ready. */
  onSpawn?: (child: Child) => void;
}

export interface LocalBroker {
  /** 127.0.0.1:port */
  bootstrap: string;
  port: number;
  pid: number;
  child: Child;
  logFile: string;
  /** Controlled shutdown. */
  stop(options?: { deadlineMs?: number }): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** A node within a cluster, for startNode. */
export interface NodePlan {
  clusterId: string;
  nodeId: number;
  port: number;
  controllerPort: number;
  voters: [number, number][];
}

/**
 * Starts a single Kafka broker on 127.0.0.1 (KRaft, controller in the same process).
 *
 * @throws OperatorError `port_in_use`, `disk_full`, `kafka_start`, and what prepareKafka throws.
 */
export async function startBroker(options: BrokerOptions): Promise<LocalBroker> {
  const runtime = await prepareKafka(options.onProgress);
  const port = options.port ?? (await freePort());
  const controllerPort = await freePort();
  const clusterId = readClusterId(resolve(options.dataDir)) ?? newClusterId();
  return startNode(
    runtime,
    { clusterId, nodeId: 1, port, controllerPort, voters: [[1, controllerPort]] },
    options,
  );
}

/** Starts one node of a planned cluster and waits until it serves; its peers must be starting too. */
export async function startNode(
  runtime: KafkaRuntime,
  plan: NodePlan,
  options: BrokerOptions,
): Promise<LocalBroker> {
  const dataDir = resolve(options.dataDir);
  const logDir = join(dataDir, "log");
  const logFile = options.logFile ?? join(dataDir, "kafka.log");
  const variable = options.portVariable ?? "SURELAY_KAFKA_PORT";
  mkdirSync(dataDir, { recursive: true });
  if (!existsSync(join(logDir, "meta.properties"))) formatFolder(logDir, plan, runtime);
  // Before the start: a port that answers later may be an old broker's that is still stopping.
  await requireFreePort(plan.port, "Kafka", variable);
  const propertiesFile = join(dataDir, "server.properties");
  writeFileSync(propertiesFile, brokerProperties({ ...plan, logDir }, options.properties));

  const child = await spawnBroker(runtime, dataDir, propertiesFile, logFile, options.env);
  options.onSpawn?.(child);
  const ready = await waitUntil(() => child.hasEnded() || answersAs(plan), { timeoutMs: 120_000 });
  if (!ready || child.hasEnded()) {
    await endChild(child, "SIGKILL", 0);
    throw startFault(plan, logFile, variable);
  }
  return {
    bootstrap: `127.0.0.1:${plan.port}`,
    port: plan.port,
    pid: child.pid,
    child,
    logFile,
    stop: async ({ deadlineMs = 30_000 } = {}) => void (await endChild(child, "SIGTERM", deadlineMs)),
    kill: async () => void (await endChild(child, "SIGKILL", 0)),
  };
}

/** A cluster id as Kafka writes it: 16 random bytes, URL-safe base64, not beginning with a hyphen. */
export function newClusterId(): string {
  const id = randomBytes(16).toString("base64url");
  return id.startsWith("-") ? newClusterId() : id;
}

async function answersAs(plan: NodePlan): Promise<boolean> {
  const metadata = await askMetadata(plan.port);
  return metadata?.clusterId === plan.clusterId && metadata.brokers.includes(plan.nodeId);
}

/** What `kafka-storage format` leaves behind, without starting a JVM for it; renamed into place when whole. */
function formatFolder(logDir: string, plan: NodePlan, runtime: KafkaRuntime): void {
  const partial = `${logDir}.new`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  copyFileSync(runtime.checkpoint, join(partial, CHECKPOINT_NAME));
  const meta = {
    version: "1",
    "cluster.id": plan.clusterId,
    "node.id": plan.nodeId,
    "directory.id": newClusterId(),
  };
  writeFileSync(
    join(partial, "meta.properties"),
    Object.entries(meta)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  renameSync(partial, logDir);
}

function readClusterId(dataDir: string): string | null {
  const file = join(dataDir, "log", "meta.properties");
  return existsSync(file) ? (/^cluster\.id=(.+)$/m.exec(readFileSync(file, "utf8"))?.[1] ?? null) : null;
}

function startFault(plan: NodePlan, logFile: string, variable: string): OperatorError {
  const tail = tailFile(logFile, 40);
  if (/BindException|Address already in use/.test(tail)) return portInUse(plan.port, "Kafka", variable);
  if (/No space left on device/.test(tail)) return diskFull(logFile);
  return new OperatorError(
    "kafka_start",
    `Kafka did not start. The end of its log ${logFile}:\n${tail.split("\n").slice(-8).join("\n")}`,
  );
}
