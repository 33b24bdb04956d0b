import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { OperatorError } from "../server/errors.ts";
import { type Child, endChild, spawnChild } from "./child.ts";
import { type ClassArchive, classArchive } from "./class-archive.ts";
import { type Java, findJava } from "./java.ts";
import { brokerProperties } from "./kafka-config.ts";
import { type KafkaJars, resolveKafkaJars } from "./kafka-jars.ts";
import { askMetadata } from "./kafka-metadata.ts";
import { cacheFolder, rootFolder } from "./paths.ts";
import { freePort } from "./ports.ts";
import { publishFile } from "./publish-file.ts";
import { waitUntil } from "./wait-until.ts";

/** Everything a broker needs that is the same for all brokers on this machine. */
export interface KafkaRuntime {
  java: Java;
  jars: KafkaJars;
  /** JVM arguments up to and including the class path. */
  jvmArgs: string[];
  /** The metadata snapshot that a freshly formatted log folder starts from; it names versions, no cluster. */
  checkpoint: string;
}

export const CHECKPOINT_NAME = "bootstrap.checkpoint";
const JVM = [
  "-Xmx256m",
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-XX:+ExitOnOutOfMemoryError",
  "-Djava.awt.headless=true",
];

/**
 * Java, the jars, and what one training run makes from them: an archive of loaded classes (a broker is up in 1.3 s
 * instead of 3.8) and a formatted folder's checkpoint (formatting by Kafka's tool costs a JVM of 2.2 s each time).
 * The run takes about ten seconds, once for each version of Java and of the jars.
 *
 * @throws OperatorError `no_java`, `java_too_old`, `no_maven`, `download_failed`, `disk_full`, `cache_not_writable`
 */
export async function prepareKafka(onProgress?: (text: string) => void): Promise<KafkaRuntime> {
  try {
    return await prepare(onProgress);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EROFS") throw cause;
    throw new OperatorError(
      "cache_not_writable",
      `Kafka's jars and what is made from them are kept in ${cacheFolder()}, which this user may not use (${message}). Set SURELAY_CACHE_DIR to a folder of your own, or give this user the right to write there.`,
      { cause },
    );
  }
}

async function prepare(onProgress?: (text: string) => void): Promise<KafkaRuntime> {
  const [java, jars] = await Promise.all([findJava(), resolveKafkaJars("broker", onProgress)]);
  const archive = classArchive(jars.folder, "classes", [java.version, ...JVM, ...jars.classPath]);
  const checkpoint = join(jars.folder, CHECKPOINT_NAME);
  if (!existsSync(checkpoint) || !archive.isSettled()) {
    onProgress?.("preparing Kafka for fast starts (once)");
    await train(java, jars, archive, checkpoint);
  }
  return { java, jars, checkpoint, jvmArgs: [...jvmArgs(jars), ...archive.use()] };
}

/** Runs Kafka's broker class with a properties file in `folder`. */
export function spawnBroker(
  runtime: Pick<KafkaRuntime, "java" | "jvmArgs">,
  folder: string,
  propertiesFile: string,
  logFile: string,
  env: Record<string, string> = {},
): Promise<Child> {
  return spawnChild({
    command: runtime.java.command,
    args: [...runtime.jvmArgs, "kafka.Kafka", propertiesFile],
    cwd: folder,
    env: { PATH: process.env.PATH, JAVA_HOME: process.env.JAVA_HOME, LC_ALL: "C.UTF-8", ...env },
    logFile,
  });
}

function jvmArgs(jars: KafkaJars): string[] {
  const logging = join(rootFolder(), "local", "kafka", "log4j2.properties");
  return [...JVM, `-Dlog4j2.configurationFile=${logging}`, "-cp", jars.classPath.join(":")];
}

async function train(java: Java, jars: KafkaJars, archive: ClassArchive, checkpoint: string): Promise<void> {
  const folder = mkdtempSync(join(jars.folder, "training-"));
  try {
    const [port, controllerPort] = [await freePort(), await freePort()];
    const logDir = join(folder, "log");
    const properties = join(folder, "server.properties");
    writeFileSync(
      properties,
      brokerProperties({ nodeId: 1, port, controllerPort, voters: [[1, controllerPort]], logDir }),
    );
    await promisify(execFile)(java.command, [
      ...jvmArgs(jars),
      "kafka.tools.StorageTool",
      "format",
      "-t",
      "AAAAAAAAQACAAAAAAAAAAA",
      "-c",
      properties,
    ]);
    publishFile(join(logDir, CHECKPOINT_NAME), checkpoint);

    const partial = join(folder, "classes.jsa");
    const args = [`-XX:ArchiveClassesAtExit=${partial}`, ...jvmArgs(jars)];
    const child = await spawnBroker({ java, jvmArgs: args }, folder, properties, join(folder, "out.log"));
    await waitUntil(async () => child.hasEnded() || (await askMetadata(port))?.brokers.length, {
      timeoutMs: 60_000,
      everyMs: 50,
    });
    await endChild(child, "SIGTERM", 60_000);
    archive.keep(partial);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
