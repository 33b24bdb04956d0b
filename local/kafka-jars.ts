import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { OperatorError } from "../server/errors.ts";
import { diskFull, requireDiskSpace } from "./disk.ts";
import { cacheFolder, rootFolder } from "./paths.ts";

export interface KafkaJars {
  version: string;
  folder: string;
  /** Absolute paths in a fixed order: a class archive is valid for one exact class path only. */
  classPath: string[];
}

const ABANDONED_MS = 3_600_000;
const POMS = { broker: "pom.xml", tools: "tools.pom.xml" } as const;

/**
 * The jars of the broker, or of Kafka's command line tools (tests and benchmarks only), downloaded by Maven on
 * first use. They are copied into a folder aside that is renamed when it is whole, so that neither an interrupted
 * nor a second simultaneous download can leave a half-filled one.
 *
 * @throws OperatorError `no_maven`, `download_failed`, `disk_full`
 */
export async function resolveKafkaJars(
  kind: keyof typeof POMS = "broker",
  onProgress?: (text: string) => void,
): Promise<KafkaJars> {
  const pom = join(rootFolder(), "local", "kafka", POMS[kind]);
  const text = readFileSync(pom, "utf8");
  const version = /<kafka\.version>(.+?)</.exec(text)?.[1] ?? "unknown";
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const cache = cacheFolder();
  const folder = join(cache, `kafka-${kind}-${version}-${hash}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    requireDiskSpace(cache, 200);
    removeAbandoned(cache, `${basename(folder)}.`);
    const partial = mkdtempSync(`${folder}.`);
    try {
      await copyByMaven(pom, partial, `Kafka ${version}${kind === "tools" ? " tools" : ""}`, onProgress);
      chmodSync(partial, 0o755); // mkdtemp's are private, and a cache may be shared
      renameUnlessThere(partial, folder);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  const classPath = readdirSync(folder)
    .filter((name) => name.endsWith(".jar"))
    .sort()
    .map((name) => join(folder, name));
  return { version, folder, classPath };
}

/** What downloads that were killed have left; younger ones may be another process' that is under way. */
function removeAbandoned(cache: string, prefix: string): void {
  for (const name of readdirSync(cache).filter((entry) => entry.startsWith(prefix))) {
    const stat = statSync(join(cache, name), { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > ABANDONED_MS)
      rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function renameUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error; // else another process was faster
  }
}

async function copyByMaven(
  pom: string,
  folder: string,
  what: string,
  onProgress?: (text: string) => void,
): Promise<void> {
  onProgress?.(`downloading ${what} with Maven (about 45 MB, once)`);
  const maven = spawn(
    "mvn",
    [
      "-B",
      "-f",
      pom,
      "dependency:copy-dependencies",
      "-DincludeScope=runtime",
      `-DoutputDirectory=${folder}`,
    ],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, MAVEN_ARGS: undefined },
    },
  );
  const last: string[] = [];
  let jars = 0;
  for (const stream of [maven.stdout, maven.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (/Downloaded .*\.jar/.test(line) && ++jars % 15 === 0)
        onProgress?.(`downloading ${what}: ${jars} files`);
      if (/ERROR|BUILD/.test(line)) last.push(line.replace(/^\[\w+\]\s*/, ""));
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    maven.once("close", resolve);
    maven.once("error", (cause) =>
      reject(
        new OperatorError(
          "no_maven",
          "The embedded Kafka is downloaded with Maven, and `mvn` was not found on PATH. Install it (Debian, Ubuntu: `apt install maven`; macOS: `brew install maven`), or set KAFKA_BROKERS to a Kafka of yours.",
          { cause },
        ),
      ),
    );
  });
  if (code === 0) return;
  const reason = last.slice(0, 3).join(" ");
  if (/No space left/.test(reason)) throw diskFull(folder);
  throw new OperatorError(
    "download_failed",
    `${what} could not be downloaded: ${reason || `mvn ended with ${code}`} Check the network, and a proxy or mirror in ~/.m2/settings.xml; \`mvn -f ${pom} dependency:copy-dependencies\` shows the whole story. Or set KAFKA_BROKERS to a Kafka of yours.`,
  );
}
