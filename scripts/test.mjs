// npm test: sets up what is missing, then runs every suite and ends with one line `N passed, N failed` over all of them.
// npm test -- unit e2e: only these. A static check counts as one test; a suite that cannot run counts as one failure.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";
import { install, installationFault } from "./install.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const reports = mkdtempSync(join(tmpdir(), "surelay-reports-"));
const bin = (name) => join(root, "node_modules/.bin", name);
let passed = 0;
let failed = 0;
const failures = [];

const suites = {
  format: () => check("format", bin("prettier"), ["--check", "--log-level", "warn", "."]),
  lint: () => {
    check("lint", bin("oxlint"), ["--type-aware", "--quiet"]);
    const rooms = [
      "app",
      "server",
      "workers",
      "sdk",
      "cli",
      "local",
      "bench",
      "test",
      "e2e",
      "examples",
    ].filter(existsSync);
    check("import rules", bin("depcruise"), ["--config", ".dependency-cruiser.cjs", ...rooms]);
  },
  types: () => check("types", bin("tsc"), ["--noEmit"]),
  unit: () => vitest("unit"),
  integration: () => vitest("integration"),
  faults: () => vitest("faults"),
  api: () =>
    check("API description against the running server", process.execPath, [
      "scripts/run-ts.mjs",
      "test/schemathesis/run.ts",
    ]),
  e2e: () => playwright("browser"),
};

const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
for (const name of wanted) {
  if (name in suites) continue;
  console.error(`There is no suite "${name}". Suites: ${Object.keys(suites).join(", ")}.`);
  process.exit(2);
}
await setUp();
for (const [name, run] of Object.entries(suites)) if (wanted.length === 0 || wanted.includes(name)) run();
rmSync(reports, { recursive: true, force: true });
if (failures.length > 0) console.log(`\nfailed: ${failures.join(", ")}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function setUp() {
  const say = (text) => console.log(`── ${text}`);
  try {
    if (installationFault(root)) await install(root, say);
    await build(["client", "bundles"], { say, quiet: true });
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

function heading(name) {
  console.log(`\n── ${name}`);
  return performance.now();
}

function check(name, command, args) {
  const start = heading(name);
  const run = spawnSync(command, args, { stdio: "inherit" });
  record(name, run.status === 0 ? 1 : 0, run.status === 0 ? 0 : 1, start);
}

function vitest(project) {
  const start = heading(project);
  const file = join(reports, `${project}.json`);
  const run = spawnSync(
    bin("vitest"),
    ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
    { stdio: "inherit" },
  );
  const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  count(project, run.status, report.numPassedTests ?? 0, report.numFailedTests ?? 0, start);
}

function playwright(name) {
  const start = heading(name);
  const file = join(reports, `${name}.json`);
  const run = spawnSync(bin("playwright"), ["test", "--reporter=line,json"], {
    stdio: "inherit",
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  });
  const stats = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).stats : {};
  count(name, run.status, (stats.expected ?? 0) + (stats.flaky ?? 0), stats.unexpected ?? 0, start);
}

// A runner that failed without a failed test (a crash, a hook, no test at all) is a failure all the same.
function count(name, status, good, bad, start) {
  record(name, good, bad === 0 && (status !== 0 || good === 0) ? 1 : bad, start);
}

function record(name, good, bad, start) {
  passed += good;
  failed += bad;
  if (bad > 0) failures.push(name);
  console.log(
    `── ${name}: ${good} passed, ${bad} failed, ${((performance.now() - start) / 1000).toFixed(1)} s`,
  );
}
