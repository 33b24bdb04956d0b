// node scripts/build.mjs [client] [bundles] [sdk] [console] [--force]: builds what is named (everything by default), each only if
// its inputs changed.
//   client   Prisma's generated client           server/generated/prisma
//   bundles  command line, workers, examples     dist/
//   sdk      surelay-producer, surelay-consumer  dist/sdk/{producer,consumer}, for npm pack
//   console  the web console                     .next/standalone
import { spawn } from "node:child_process";
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { withBuildLock } from "./build-lock.mjs";
import { buildSdk } from "./build-sdk.mjs";
import { hashInputs, isCurrent, writeStamp } from "./inputs-hash.mjs";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const LOCK = "package-lock.json";
const SOURCES = ["server", "sdk", "prisma", "messages", "i18n"];

/** @typedef {{ say: (text: string) => void, force?: boolean, quiet?: boolean }} BuildOptions */

/** @type {Record<string, { inputs: string[], product: string, stamp: string, build: (o: BuildOptions) => Promise<void> }>} */
const STEPS = {
  client: {
    inputs: ["prisma/schema.prisma", "prisma.config.ts", LOCK],
    product: "server/generated/prisma",
    stamp: "server/generated/.inputs",
    build: buildClient,
  },
  bundles: {
    inputs: ["cli", "local", "workers", "examples", ...SOURCES, "tsconfig.json", "scripts/build.mjs", LOCK],
    product: "dist/cli.mjs",
    stamp: "dist/.inputs",
    build: buildBundles,
  },
  sdk: {
    inputs: ["sdk", "LICENSE", "package.json", "tsconfig.json", "scripts/build-sdk.mjs", LOCK],
    product: "dist/sdk/consumer/package.json",
    stamp: "dist/sdk/.inputs",
    build: buildSdkStep,
  },
  console: {
    inputs: [
      "app",
      "public",
      ...SOURCES,
      "next.config.js",
      "proxy.ts",
      "instrumentation.ts",
      "scripts/build.mjs",
      LOCK,
    ],
    product: ".next/standalone/server.js",
    stamp: ".next/.inputs",
    build: buildConsole,
  },
};

/**
 * Runs the named steps, in the order of STEPS, those whose inputs changed.
 *
 * @param {string[]} names
 * @param {BuildOptions} options
 * @returns {Promise<string[]>} names of those that ran
 */
export async function build(names, options) {
  const wanted = Object.entries(STEPS).filter(([name]) => names.includes(name));
  const stale = () => wanted.filter(([, step]) => options.force || !isUpToDate(step));
  if (stale().length === 0) return [];
  return withBuildLock(ROOT, async () => {
    const ran = [];
    // Looked at again: the holder of the lock that we waited for may have built the same.
    for (const [name, step] of stale()) {
      const hash = hashOf(step);
      rmSync(join(ROOT, step.stamp), { force: true });
      await step.build(options);
      // Of what was read before the build: a file saved meanwhile makes the next look build again.
      writeStamp(join(ROOT, step.stamp), hash);
      ran.push(name);
    }
    return ran;
  });
}

function isUpToDate(step) {
  return isCurrent(join(ROOT, step.product), join(ROOT, step.stamp), hashOf(step));
}

function hashOf(step) {
  return hashInputs(ROOT, step.inputs);
}

async function buildClient({ say, quiet }) {
  say("generating the database client");
  await run(
    [join(ROOT, "scripts/prisma.mjs"), "generate"],
    "the database client could not be generated",
    quiet,
  );
}

async function buildBundles({ say }) {
  say("bundling the command line and the workers");
  const esbuild = await import("esbuild");
  const common = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    sourcemap: true,
    packages: "external",
    // It throws outside Next; in the bundles there is no browser it could leak to.
    alias: { "server-only": join(ROOT, "scripts/empty.mjs") },
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    logLevel: "warning",
    metafile: true,
  };
  const results = await Promise.all([
    // Split, so that a command loads what it needs: `surelay --help` no server.
    esbuild.build({
      ...common,
      entryPoints: { cli: "cli/main.ts" },
      splitting: true,
      chunkNames: "cli-chunks/[name]-[hash]",
    }),
    // One file each, so that a running worker depends on nothing that a later build replaces.
    esbuild.build({ ...common, entryPoints: { ...mains("workers"), ...mains("examples/shop") } }),
  ]);
  removeOthers(
    join(ROOT, "dist"),
    new Set(results.flatMap((r) => Object.keys(r.metafile.outputs).map((file) => resolve(ROOT, file)))),
  );
}

async function buildSdkStep({ say, quiet }) {
  say("building the SDK's packages");
  await buildSdk(ROOT, (args, fault) => run(args, fault, quiet));
}

/** `{"workers/relay": "workers/relay/main.ts", …}` for every folder with a main.ts. */
function mains(folder) {
  const full = join(ROOT, folder);
  const names = existsSync(full)
    ? readdirSync(full).filter((name) => existsSync(join(full, name, "main.ts")))
    : [];
  return Object.fromEntries(names.map((name) => [`${folder}/${name}`, `${folder}/${name}/main.ts`]));
}

function removeOthers(folder, keep) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (path === join(ROOT, "dist/sdk")) continue; // another step's
    if (entry.isDirectory()) removeOthers(path, keep);
    else if (!keep.has(path)) rmSync(path);
  }
}

async function buildConsole({ say, quiet }) {
  say("building the console");
  const beat = setInterval(() => say("still building the console"), 15_000);
  try {
    await run(
      [join(ROOT, "node_modules/next/dist/bin/next"), "build"],
      "the console could not be built",
      quiet,
    );
  } finally {
    clearInterval(beat);
  }
  // The standalone server serves these two itself, but the build leaves them where `next start` would look.
  cpSync(join(ROOT, ".next/static"), join(ROOT, ".next/standalone/.next/static"), { recursive: true });
  if (existsSync(join(ROOT, "public")))
    cpSync(join(ROOT, "public"), join(ROOT, ".next/standalone/public"), { recursive: true });
}

/** Runs a Node script in the project's folder; quietly, its output is shown only if it fails. */
async function run(args, fault, quiet) {
  const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env,
    stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => (output = (output + chunk).slice(-6000)));
  const code = await new Promise((done, failed) => {
    child.once("error", failed);
    child.once("close", done);
  });
  if (code !== 0)
    throw new Error(
      `${fault} (${relative(ROOT, args[0])} ended with ${code}).${output ? `\n${output.trim()}` : ""}`,
    );
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
  const unknown = names.filter((name) => !(name in STEPS));
  if (unknown.length > 0) {
    console.error(
      `There is no build step ${unknown.join(", ")}; there are ${Object.keys(STEPS).join(", ")}.`,
    );
    process.exit(2);
  }
  const started = performance.now();
  const say = (text) =>
    console.log(`[${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s] ${text}`);
  try {
    const flags = { force: process.argv.includes("--force"), quiet: process.argv.includes("--quiet") };
    const ran = await build(names.length > 0 ? names : Object.keys(STEPS), { say, ...flags });
    say(ran.length > 0 ? `built: ${ran.join(", ")}` : "nothing changed");
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
