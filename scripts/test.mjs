// npm test: sets up what is missing, then runs every suite and ends with one line `N passed, N failed` over all of them.
// npm test -- unit e2e: only these. A static check counts as one test; a suite that cannot run counts as one failure.
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { dirname, isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { build } from "./build.mjs";
import { install, installationFault } from "./install.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const reports = mkdtempSync(join(tmpdir(), "surelay-reports-"));
const bin = (name) => join(root, "node_modules/.bin", name);
let passed = 0;
let failed = 0;
const failures = [];
/** Each failed test with what it said: printed last of all, where whoever sees only the end of a long output finds it. */
const stories = [];

/** First of all, and alone: they read types that a build of the console writes. */
const STATIC = {
  format: (say) => check(say, "format", bin("prettier"), ["--check", "--log-level", "warn", "."]),
  lint: async (say) => {
    await check(say, "lint", bin("oxlint"), ["--type-aware", "--quiet"]);
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
    await check(say, "import rules", bin("depcruise"), ["--config", ".dependency-cruiser.cjs", ...rooms]);
  },
  types: (say) => check(say, "types", bin("tsc"), ["--noEmit"]),
};

/**
 * Two streams beside each other, the suites of each in turn. Faults mostly wait, for processes to die and deadlines to pass,
 * and a browser for its pages, so that neither fills two cores by itself. Deadlines go first: the browser gives way (`nice`,
 * as POSIX counts it). More streams than these were no faster, and slow enough each to miss time-outs.
 */
const STREAMS = [
  {
    nice: 0,
    suites: {
      unit: (say) => vitest(say, "unit"),
      integration: (say) => vitest(say, "integration"),
      faults: (say) => vitest(say, "faults"),
      api: (say) =>
        check(say, "API description against the running server", process.execPath, [
          "scripts/run-ts.mjs",
          "test/schemathesis/run.ts",
        ]),
    },
  },
  {
    nice: 10,
    suites: { rooms: (say) => playwright(say, "rooms"), scenes: (say) => playwright(say, "scenes") },
  },
];
/** Suites by one name. */
const TOGETHER = { static: Object.keys(STATIC), e2e: ["rooms", "scenes"] };

const known = Object.assign({}, STATIC, ...STREAMS.map(({ suites }) => suites));
const wanted = process.argv
  .slice(2)
  .filter((arg) => !arg.startsWith("-"))
  .flatMap((name) => TOGETHER[name] ?? [name]);
for (const name of wanted) {
  if (name in known) continue;
  console.error(`There is no suite "${name}". Suites: ${Object.keys({ ...known, ...TOGETHER }).join(", ")}.`);
  process.exit(2);
}
const asked = (suites) =>
  Object.entries(suites).flatMap(([name, run]) =>
    wanted.length === 0 || wanted.includes(name) ? [run] : [],
  );
await setUp();
await runAll();
rmSync(reports, { recursive: true, force: true });
for (const story of stories) console.log(`\n✗ ${story}`);
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

async function runAll() {
  const streams = STREAMS.flatMap(({ nice, suites }) => {
    const turns = asked(suites);
    return turns.length === 0 ? [] : [{ nice, turns }];
  });
  const fetched = streams.length > 0 && fetchKafka();
  await inTurn(asked(STATIC), terminal(0));
  await fetched;
  await Promise.all(streams.map(runStream));
}

/** The first stream's output is shown at once, that of the others when they are through. */
async function runStream({ nice, turns }, n) {
  if (n === 0) return inTurn(turns, terminal(nice));
  const kept = keeper(nice, join(reports, `stream-${n}.log`));
  await inTurn(turns, kept);
  process.stdout.write(await kept.text());
}

/** While the static checks run. If it fails, the suites that need a broker say why. */
async function fetchKafka() {
  await run(terminal(0), process.execPath, ["scripts/run-ts.mjs", "scripts/fetch-kafka.ts"]);
}

async function inTurn(suites, say) {
  for (const run of suites) await run(say);
}

/** Where a suite's output goes, and how much it gives way: at once to the terminal, or to a file until its turn to be shown. */
function terminal(nice) {
  return { nice, line: (text) => console.log(text), stdio: "inherit" };
}

function keeper(nice, file) {
  const out = createWriteStream(file);
  return {
    nice,
    line: (text) => out.write(`${text}\n`),
    stdio: "pipe",
    out,
    text: () => new Promise((resolve) => out.end(() => resolve(readFileSync(file, "utf8")))),
  };
}

/** @returns {Promise<number>} the exit code */
function run(say, command, args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", say.stdio, say.stdio], env });
    if (say.nice > 0 && child.pid) setPriority(child.pid, say.nice);
    child.stdout?.pipe(say.out, { end: false });
    child.stderr?.pipe(say.out, { end: false });
    child.once("error", () => resolve(-1));
    child.once("close", (code) => resolve(code ?? -1));
  });
}

function heading(say, name) {
  say.line(`\n── ${name}`);
  return performance.now();
}

async function check(say, name, command, args) {
  const start = heading(say, name);
  const good = (await run(say, command, args)) === 0;
  record(say, name, good ? 1 : 0, good ? 0 : 1, start);
}

async function vitest(say, project) {
  const start = heading(say, project);
  const file = join(reports, `${project}.json`);
  const args = [
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ];
  const status = await run(say, bin("vitest"), args);
  const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  for (const { name, message, assertionResults = [] } of report.testResults ?? []) {
    const bad = assertionResults.filter((result) => result.status === "failed");
    for (const { fullName, failureMessages } of bad) tell(name, fullName, failureMessages.join("\n"));
    if (bad.length === 0 && message) tell(name, "could not run", message);
  }
  count(say, project, status, report.numPassedTests ?? 0, report.numFailedTests ?? 0, start);
}

async function playwright(say, name) {
  const start = heading(say, name);
  const file = join(reports, `${name}.json`);
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file, E2E_RUN: name };
  const status = await run(say, bin("playwright"), ["test", "--project", name, "--reporter=line,json"], env);
  const { stats = {}, suites = [] } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  for (const { file: spec, title, tests } of suites.flatMap(specsOf))
    for (const { results } of tests.filter((test) => test.status === "unexpected")) {
      const errors = results.flatMap((result) => result.errors.map((error) => error.message));
      tell(spec, title, errors.join("\n"));
    }
  count(say, name, status, (stats.expected ?? 0) + (stats.flaky ?? 0), stats.unexpected ?? 0, start);
}

function specsOf({ specs = [], suites = [] }) {
  return [...specs, ...suites.flatMap(specsOf)];
}

function tell(file, title, message) {
  const said = stripVTControlCharacters(message).split("\n").slice(0, 12).join("\n    ");
  stories.push(`${isAbsolute(file) ? relative(root, file) : file} › ${title}\n    ${said}`);
}

// A runner that failed without a failed test (a crash, a hook, no test at all) is a failure all the same.
function count(say, name, status, good, bad, start) {
  const broken = bad === 0 && (status !== 0 || good === 0);
  if (broken) stories.push(`${name} › none failed, and the runner ended with ${status}: see what it printed`);
  record(say, name, good, broken ? 1 : bad, start);
}

function record(say, name, good, bad, start) {
  passed += good;
  failed += bad;
  if (bad > 0) failures.push(name);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  say.line(`── ${name}: ${good} passed, ${bad} failed, ${seconds} s`);
}
