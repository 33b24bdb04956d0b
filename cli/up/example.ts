import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { OperatorError } from "../../server/errors.ts";
import { type Surroundings, apiUrl } from "./processes.ts";

const APPS = { orders: "produce", shipping: "produce,consume" } as const;
const APPLY_PATIENCE_MS = 10_000;
export const EXAMPLE_KEY_FILE = "example-orders.key";

/**
 * Declares the example's apps and topics, with the same command that anyone else uses. Tried again for a while: a
 * broker that has only just started may refuse to make a topic, and applying again does what is left.
 *
 * @throws OperatorError `example_setup`
 */
export async function applyExample(around: Surroundings): Promise<void> {
  const deadline = performance.now() + APPLY_PATIENCE_MS;
  for (;;) {
    try {
      await command(around, ["apply", "-f", join(around.root, "examples", "shop", "topology.yaml")]);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(500);
    }
  }
}

/**
 * The example's API keys, made at the first start and kept beside the data; made anew if the database does not know
 * them, as after a change of DATABASE_URL. Needs the API running and the example's apps declared.
 *
 * @throws OperatorError `example_setup`
 */
export async function ensureExampleKeys(around: Surroundings): Promise<Record<keyof typeof APPS, string>> {
  const pairs = await Promise.all(
    Object.entries(APPS).map(async ([app, scope]) => {
      const file = `example-${app}.key`;
      const kept = around.folder.read(file);
      if (kept && (await isAccepted(around, kept))) return [app, kept];
      const made = (await command(around, ["keys", "create", "--app", app, "--scope", scope]))
        .trim()
        .split("\n")
        .at(-1)!
        .trim();
      around.folder.write(file, made);
      return [app, made];
    }),
  );
  return Object.fromEntries(pairs) as Record<keyof typeof APPS, string>;
}

/** Anything but "unauthorized" lets a key stand: a passing fault of the API must not replace it. */
async function isAccepted(around: Surroundings, key: string): Promise<boolean> {
  const response = await fetch(`${apiUrl(around.config)}/v1/messages?businessKey=-`, {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(10_000),
  });
  await response.arrayBuffer();
  return response.status !== 401;
}

async function command(around: Surroundings, args: string[]): Promise<string> {
  const env = { ...process.env, DATABASE_URL: around.databaseUrl, KAFKA_BROKERS: around.brokers };
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(around.root, "dist", "cli.mjs"), ...args],
      { cwd: around.root, env },
    );
    return stdout;
  } catch (cause) {
    const { stderr, stdout, message } = cause as { stderr?: string; stdout?: string; message: string };
    throw new OperatorError(
      "example_setup",
      `The example could not be set up: surelay ${args.join(" ")}: ${[stdout, stderr].join("").trim() || message}`,
      { cause },
    );
  }
}
