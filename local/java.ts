import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { OperatorError } from "../server/errors.ts";

/** What Kafka 4 needs. */
const OLDEST_JAVA = 17;

export interface Java {
  command: string;
  major: number;
  /** The whole text of `java -version`: distinguishes builds, as class archives need. */
  version: string;
}

/** JAVA_HOME's java, or else the first on PATH. @throws OperatorError `no_java`, `java_too_old` */
export async function findJava(): Promise<Java> {
  const home = process.env.JAVA_HOME;
  const command = home ? join(home, "bin", "java") : "java";
  const remedy = `Install a Java runtime of version ${OLDEST_JAVA} or later (Debian, Ubuntu: \`apt install openjdk-17-jre-headless\`; macOS: \`brew install openjdk\`), point JAVA_HOME at one, or set KAFKA_BROKERS to a Kafka of yours.`;
  let version: string;
  try {
    version = (await promisify(execFile)(command, ["-version"])).stderr.trim();
  } catch (cause) {
    const found = home ? `JAVA_HOME is ${home}, but ${command} cannot be run` : "No `java` was found on PATH";
    throw new OperatorError("no_java", `${found}, and the embedded Kafka needs it. ${remedy}`, { cause });
  }
  const numbers = /version "(?:1\.)?(\d+)/.exec(version);
  const major = Number(numbers?.[1] ?? 0);
  if (major < OLDEST_JAVA) {
    throw new OperatorError(
      "java_too_old",
      `${command} is Java ${major || "of an unknown version"}, too old for the embedded Kafka. ${remedy}`,
    );
  }
  return { command, major, version };
}
