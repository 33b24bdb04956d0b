import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { classArchive } from "./class-archive.ts";
import { findJava } from "./java.ts";
import { resolveKafkaJars } from "./kafka-jars.ts";
import { rootFolder } from "./paths.ts";

export interface ConsumedRecord {
  partition: number;
  offset: bigint;
  /** Milliseconds since 1970, as the record says. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  /** In the record's order; names may repeat. */
  headers: [name: string, value: Buffer | null][];
}

export interface ConsumeOptions {
  bootstrap: string;
  topic: string;
  /** Default: `read_committed`. */
  isolation?: "read_committed" | "read_uncommitted";
  /** The iteration ends after this long without a record, ms; the JVM's start counts too. Default 8000. */
  idleTimeoutMs?: number;
  /** The iteration ends after so many records. */
  maxMessages?: number;
  /** Further consumer properties. */
  properties?: Record<string, string>;
}

// Kafka's BytesDeserializer prints every byte but plain ASCII as \xNN, so these separate safely.
const FIELD = "\u0001";
const HEADER = "\u0002";
// A null passes through the same printing, so it can only be told apart by a text nobody else would write.
const NULL = "surelay-null-9f41c2d7";
const CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer";
const BYTES = "org.apache.kafka.common.serialization.BytesDeserializer";

/**
 * Reads a topic from its beginning with Kafka's own Java console consumer, the reference for what a read_committed
 * reader sees (no client of ours is involved). Leaving the loop early ends the process.
 *
 * @throws Error if the consumer fails, with what it printed.
 */
export async function* consoleConsumer(
  options: ConsumeOptions,
): AsyncGenerator<ConsumedRecord, void, undefined> {
  const formatter = {
    "print.timestamp": "true",
    "print.partition": "true",
    "print.offset": "true",
    "print.headers": "true",
    "print.key": "true",
    "print.value": "true",
    "key.separator": FIELD,
    "headers.separator": HEADER,
    "null.literal": NULL,
    "key.deserializer": BYTES,
    "value.deserializer": BYTES,
    "headers.deserializer": BYTES,
  };
  const child = await runTool(CONSUMER, [
    "--from-beginning",
    ...flags({
      "bootstrap-server": options.bootstrap,
      topic: options.topic,
      "isolation-level": options.isolation ?? "read_committed",
      "timeout-ms": String(options.idleTimeoutMs ?? 8000),
      "max-messages": options.maxMessages,
    }),
    ...properties("formatter-property", formatter),
    ...properties("command-property", options.properties ?? {}),
  ]);
  const complaint = collect(child.stderr);
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  let finished = false;
  let read = 0;
  try {
    for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity })) {
      const record = parseRecord(line);
      if (!record) continue;
      read++;
      yield record;
    }
    const code = await exited;
    finished = true;
    // Ending by time-out is how it is meant to end. But a reader that never reached a broker times out alike, and
    // must not pass for an empty topic.
    const text = complaint();
    const unreached = read === 0 && /could not be established|Bootstrap broker .* disconnected/.test(text);
    if (unreached || (code !== 0 && !/TimeoutException|Processed a total of/.test(text))) {
      throw new Error(`console consumer ended with ${code}: ${text}`);
    }
  } finally {
    if (!finished) child.kill("SIGKILL");
    await exited;
  }
}

/** All records of a topic, until `idleTimeoutMs` passes without one or `maxMessages` are read. */
export async function readTopic(options: ConsumeOptions): Promise<ConsumedRecord[]> {
  const records: ConsumedRecord[] = [];
  for await (const record of consoleConsumer(options)) records.push(record);
  return records;
}

export interface PerfFigures {
  records: number;
  recordsPerSecond: number;
  mbPerSecond: number;
  avgMs: number;
  maxMs: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
}

/**
 * Kafka's own producer performance tool, the yardstick of the benchmarks.
 *
 * @param options.throughput records per second; default as fast as it can.
 * @param options.transactionMs if set, transactional: a transaction is committed every so many ms.
 */
export async function producerPerf(options: {
  bootstrap: string;
  topic: string;
  records: number;
  recordBytes: number;
  throughput?: number;
  transactionMs?: number;
  properties?: Record<string, string>;
}): Promise<PerfFigures> {
  const transactional = options.transactionMs !== undefined;
  const child = await runTool("org.apache.kafka.tools.ProducerPerformance", [
    ...flags({
      "bootstrap-server": options.bootstrap,
      topic: options.topic,
      "num-records": options.records,
      "record-size": options.recordBytes,
      throughput: options.throughput ?? -1,
      "transactional-id": transactional ? `perf-${process.pid}-${Date.now()}` : undefined,
      "transaction-duration-ms": options.transactionMs,
    }),
    ...properties("command-property", { acks: "all", ...options.properties }),
  ]);
  const output = collect(child.stdout);
  const complaint = collect(child.stderr);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const figures = parsePerf(output());
  if (code !== 0 || !figures)
    throw new Error(`producer performance ended with ${code}: ${complaint() || output()}`);
  return figures;
}

/** @internal */
export function parseRecord(line: string): ConsumedRecord | null {
  const fields = line.split(FIELD);
  if (fields.length !== 6) return null;
  const [timestamp, partition, offset, headers, key, value] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const number = (field: string) => field.slice(field.indexOf(":") + 1);
  return {
    timestamp: Number(number(timestamp)),
    partition: Number(number(partition)),
    offset: BigInt(number(offset)),
    headers: headers === "NO_HEADERS" ? [] : headers.split(HEADER).map(parseHeader),
    key: bytes(key),
    value: bytes(value),
  };
}

function parseHeader(text: string): [string, Buffer | null] {
  const colon = text.indexOf(":");
  return [text.slice(0, colon), bytes(text.slice(colon + 1))];
}

function bytes(text: string): Buffer | null {
  if (text === NULL) return null;
  return Buffer.from(
    text.replace(/\\x([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    "latin1",
  );
}

function parsePerf(output: string): PerfFigures | null {
  const line = output.trim().split("\n").at(-1) ?? "";
  const number = (pattern: RegExp) => Number(pattern.exec(line)?.[1] ?? Number.NaN);
  const figures = {
    records: number(/^(\d+) records sent/),
    recordsPerSecond: number(/([\d.]+) records\/sec/),
    mbPerSecond: number(/\(([\d.]+) MB\/sec/),
    avgMs: number(/([\d.]+) ms avg/),
    maxMs: number(/([\d.]+) ms max/),
    p50Ms: number(/(\d+) ms 50th/),
    p95Ms: number(/(\d+) ms 95th/),
    p99Ms: number(/(\d+) ms 99th/),
  };
  return Object.values(figures).some(Number.isNaN) ? null : figures;
}

async function runTool(
  mainClass: string,
  args: string[],
): Promise<ChildProcessByStdio<null, Readable, Readable>> {
  const { command, jvmArgs } = await (tools ??= prepareTools());
  return spawn(command, [...jvmArgs, mainClass, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

interface Tools {
  command: string;
  /** Up to and including the class path. */
  jvmArgs: string[];
}

let tools: Promise<Tools> | undefined;

/**
 * A console consumer's life is mostly its start, and that the loading of classes. One that reaches no broker has loaded most
 * of them, and ends by itself: its archive halves the start of all others.
 */
async function prepareTools(): Promise<Tools> {
  const [java, jars] = await Promise.all([findJava(), resolveKafkaJars("tools")]);
  const jvmArgs = [
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Dfile.encoding=UTF-8",
    "-Dstdout.encoding=UTF-8",
    `-Dlog4j2.configurationFile=${join(rootFolder(), "local", "kafka", "tools.log4j2.properties")}`,
    "-cp",
    jars.classPath.join(":"),
  ];
  const archive = classArchive(jars.folder, "tools", [java.version, ...jvmArgs]);
  if (!archive.isSettled()) {
    const partial = `${join(jars.folder, "training")}.${process.pid}`;
    const args = ["--bootstrap-server", "127.0.0.1:1", "--topic", "none", "--timeout-ms", "1000"];
    await promisify(execFile)(java.command, [
      `-XX:ArchiveClassesAtExit=${partial}`,
      ...jvmArgs,
      CONSUMER,
      ...args,
    ]);
    archive.keep(partial);
    rmSync(partial, { force: true });
  }
  return { command: java.command, jvmArgs: [...archive.use(), ...jvmArgs] };
}

function flags(values: Record<string, string | number | undefined>): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
}

function properties(flag: string, values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [`--${flag}`, `${name}=${value}`]);
}

function collect(stream: Readable): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => (text = (text + chunk).slice(-8000)));
  return () => text.trim();
}
