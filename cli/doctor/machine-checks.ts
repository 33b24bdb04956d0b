import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import { promisify } from "node:util";
import { findJava } from "../../local/java.ts";
import { OperatorError } from "../../server/errors.ts";
import { type Check, fail, ok, warn } from "./check.ts";

const LOW_DISK_MIB = 1024;

export function checkNode(): Check {
  return ok("Node.js", process.versions.node);
}

/** Java and Maven are needed by the embedded Kafka only. */
export async function checkJava(embeddedKafka: boolean): Promise<Check> {
  try {
    const java = await findJava();
    return ok("Java", `${java.major} (${java.command})`);
  } catch (error) {
    if (!embeddedKafka) return ok("Java", "not needed: KAFKA_BROKERS is set");
    return fail("Java", "not found, or too old", (error as Error).message);
  }
}

export async function checkMaven(embeddedKafka: boolean): Promise<Check> {
  try {
    const { stdout } = await promisify(execFile)("mvn", ["--version"]);
    const version = /Maven ([\d.]+)/.exec(stdout)?.[1] ?? "present";
    return ok("Maven", version);
  } catch {
    if (!embeddedKafka) return ok("Maven", "not needed: KAFKA_BROKERS is set");
    return warn(
      "Maven",
      "not found",
      "The embedded Kafka's first start downloads with it: install maven, or set KAFKA_BROKERS.",
    );
  }
}

/** @param folder an existing one */
export async function checkDisk(folder: string): Promise<Check> {
  try {
    const { bavail, bsize } = await statfs(folder);
    const mib = Math.floor((bavail * bsize) / (1024 * 1024));
    if (mib >= LOW_DISK_MIB) return ok("Disk", `${mib} MiB free at ${folder}`);
    return warn(
      "Disk",
      `only ${mib} MiB free at ${folder}`,
      "Free some space, or set SURELAY_DATA_DIR to another disk.",
    );
  } catch (error) {
    return fail("Disk", (error as Error).message, `See whether ${folder} can be read.`);
  }
}

/** The check as it stands, or the fault it threw as a failed check. */
export async function asCheck(name: string, remedy: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof OperatorError) return fail(name, error.code, error.message);
    return fail(name, (error as Error).message || String(error), remedy);
  }
}
