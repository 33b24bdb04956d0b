import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import pg from "pg";
import { bundleProgram } from "../../support/bundle-program.ts";
import { checkByHand, type StartChecker } from "./check-by-hand.ts";
import type { Action } from "./end-at-step.ts";
import { type Step, STEPS } from "./steps.ts";
import type { KillSite, KillVerdict } from "./verdict.ts";

/**
 * Starts producers that die at every step, one after the other, `parallel` at a time, while check-backs go on; then settles
 * what is left and compares the business's books with the store.
 */
export async function runKills(
  site: KillSite,
  options: {
    kills: number;
    parallel?: number;
    /** Who asks; default: this process, much sooner than the service would. */
    checks?: StartChecker;
    onProgress?: (kills: number) => void;
  },
): Promise<KillVerdict> {
  const verdict: KillVerdict = {
    kills: 0,
    steps: {},
    committed: 0,
    rolledBack: 0,
    answers: {},
    late: 0,
    lost: [],
    phantom: [],
    contradictions: [],
    stuck: [],
    failures: [],
  };
  const business = new pg.Pool({ connectionString: site.businessUrl, max: 8 });
  const checker = await (options.checks ?? checkByHand)(site, business, verdict);
  try {
    let planned = 0;
    const lane = async () => {
      while (planned < options.kills) {
        const { step, action } = planOf(planned++);
        await runProducer(site, { step, action, sleepMs: checker.sleepMs }, verdict);
        verdict.kills++;
        verdict.steps[step] = (verdict.steps[step] ?? 0) + 1;
        options.onProgress?.(verdict.kills);
      }
    };
    await Promise.all(Array.from({ length: options.parallel ?? 2 }, lane));
    verdict.stuck = await checker.settle();
    await compareBooks(site, business, verdict);
    return verdict;
  } finally {
    await checker.stop();
    await business.end();
  }
}

/** Each step in turn; every fifth time round the process sleeps there first. */
function planOf(n: number): { step: Step; action: Action } {
  const round = Math.floor(n / STEPS.length);
  return { step: STEPS[n % STEPS.length]!, action: round % 5 === 1 ? "sleep" : "kill" };
}

async function runProducer(
  site: KillSite,
  { step, action, sleepMs }: { step: Step; action: Action; sleepMs: number },
  verdict: KillVerdict,
): Promise<void> {
  const child = spawn(process.execPath, [bundleProgram("test/sdk/kill/producer-process.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "test",
      SURELAY_URL: site.apiUrl,
      SURELAY_KEY: site.key,
      BUSINESS_URL: site.businessUrl,
      STEP: step,
      ACTION: action,
      NTH: String(1 + Math.floor(Math.random() * 6)),
    },
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [word, code] = line.split(" ");
    if (word === "asleep") setTimeout(() => child.kill("SIGCONT"), sleepMs);
    else if (word === "late") verdict.late++;
    else if (word === "unsettled" && code === "already_cancelled") verdict.contradictions.push(line);
    else if (word === "failed") verdict.failures.push(`${step}: ${line}`);
  });
  // A step that does not come (a cancel needs an order that is declined) ends from outside.
  const limit = setTimeout(() => child.kill("SIGKILL"), 3000 + sleepMs);
  const signal = await new Promise<string | null>((resolve) => child.once("close", (_, s) => resolve(s)));
  clearTimeout(limit);
  if (signal !== "SIGKILL") verdict.failures.push(`${step}: the producer ended by itself`);
}

async function compareBooks(site: KillSite, business: pg.Pool, verdict: KillVerdict): Promise<void> {
  const orders = await business.query<{ message_id: string }>("SELECT message_id FROM orders");
  const messages = await site.store.query<{ id: string; state: string }>(
    "SELECT id, state::text FROM message_state",
  );
  const states = new Map(messages.rows.map((row) => [row.id, row.state]));
  const standing = new Set(orders.rows.map((row) => row.message_id));
  verdict.committed = standing.size;
  for (const id of standing) if (!isDelivered(states.get(id))) verdict.lost.push(`${id} ${states.get(id)}`);
  for (const [id, state] of states) {
    if (standing.has(id)) continue;
    verdict.rolledBack++;
    if (isDelivered(state)) verdict.phantom.push(`${id} ${state}`);
  }
}

const isDelivered = (state: string | undefined) =>
  state === "READY" || state === "SENT" || state === "CONSUMED";
