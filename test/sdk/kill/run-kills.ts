import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import pg from "pg";
import { projectRoot } from "../../../server/config/project-root.ts";
import { checkBackAnswer } from "../../../sdk/contract/check-back.ts";
import { secretText, signWebhook } from "../../../sdk/contract/webhook-signature.ts";
import { checkHandler, Producer } from "../../../sdk/producer/index.ts";
import { pgDatabase } from "../../../sdk/producer/pg.ts";
import { type Action, type Step, STEPS } from "./steps.ts";

export interface KillSite {
  apiUrl: string;
  key: string;
  /** Surelay's own database: what it knows of the messages. */
  store: pg.Pool;
  /** The business's database, with the barrier and the table `orders (message_id uuid)`. */
  businessUrl: string;
}

export interface KillVerdict {
  kills: number;
  /** How often each step was the last one. */
  steps: Partial<Record<Step, number>>;
  /** Orders that stand. */
  committed: number;
  /** Messages that were prepared and whose transaction does not stand. */
  rolledBack: number;
  /** Check-backs by their answer; 503: the transaction was open. */
  answers: Record<string, number>;
  /** Transactions that began after a check-back and were shut out. */
  late: number;
  /** Committed orders whose message is not delivered. */
  lost: string[];
  /** Messages delivered though their transaction does not stand. */
  phantom: string[];
  /** Check-backs and confirms that contradict each other. */
  contradictions: string[];
  /** Messages that nobody could settle. */
  stuck: string[];
  /** What the producers failed at, beside what was intended. */
  failures: string[];
}

/** A message is asked about from this age on: long before many transactions are through. */
const ASK_AFTER_MS = 60;

/**
 * Starts producers that die at every step, one after the other, `parallel` at a time, while check-backs go on; then settles
 * what is left and compares the business's books with the store.
 */
export async function runKills(
  site: KillSite,
  options: { kills: number; parallel?: number; onProgress?: (kills: number) => void },
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
  const folder = mkdtempSync(join(tmpdir(), "surelay-kill-"));
  const program = await bundle(folder);
  const business = new pg.Pool({ connectionString: site.businessUrl, max: 8 });
  const checker = await startChecker(site, business, verdict);
  try {
    let planned = 0;
    const lane = async () => {
      while (planned < options.kills) {
        const { step, action } = planOf(planned++);
        await runProducer(program, site, step, action, verdict);
        verdict.kills++;
        verdict.steps[step] = (verdict.steps[step] ?? 0) + 1;
        options.onProgress?.(verdict.kills);
      }
    };
    await Promise.all(Array.from({ length: options.parallel ?? 2 }, lane));
    await checker.settle();
    await compareBooks(site, business, verdict);
    return verdict;
  } finally {
    await checker.stop();
    await business.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each step in turn; every fifth time round the process sleeps there first. */
function planOf(n: number): { step: Step; action: Action } {
  const round = Math.floor(n / STEPS.length);
  return { step: STEPS[n % STEPS.length]!, action: round % 5 === 1 ? "sleep" : "kill" };
}

async function bundle(folder: string): Promise<string> {
  const outfile = join(folder, "producer.cjs");
  await build({
    absWorkingDir: projectRoot(),
    entryPoints: ["test/sdk/kill/producer-process.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["pg-native"],
    logLevel: "error",
  });
  return outfile;
}

async function runProducer(
  program: string,
  site: KillSite,
  step: Step,
  action: Action,
  verdict: KillVerdict,
): Promise<void> {
  const child = spawn(process.execPath, [program], {
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
    if (word === "asleep") setTimeout(() => child.kill("SIGCONT"), 4 * ASK_AFTER_MS);
    else if (word === "late") verdict.late++;
    else if (word === "unsettled" && code === "already_cancelled") verdict.contradictions.push(line);
    else if (word === "failed") verdict.failures.push(`${step}: ${line}`);
  });
  // A step that does not come (a cancel needs an order that is declined) ends from outside.
  const limit = setTimeout(() => child.kill("SIGKILL"), 3000);
  const signal = await new Promise<string | null>((resolve) => child.once("close", (_, s) => resolve(s)));
  clearTimeout(limit);
  if (signal !== "SIGKILL") verdict.failures.push(`${step}: the producer ended by itself`);
}

interface Checker {
  /** Goes on until nothing waits any more. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** Asks about what waits, as the service does, and applies the answers: the handler over HTTP, the API for the rest. */
async function startChecker(site: KillSite, business: pg.Pool, verdict: KillVerdict): Promise<Checker> {
  const secret = secretText(randomBytes(32));
  const { node } = checkHandler({ database: pgDatabase(business), secret, waitMs: 300 });
  const server = createServer(node);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`;
  const surelay = new Producer({ url: site.apiUrl, key: site.key });
  let stopped = false;
  const count = (what: string) => (verdict.answers[what] = (verdict.answers[what] ?? 0) + 1);

  const ask = async (messageId: string) => {
    const body = JSON.stringify({
      messageId,
      businessKey: null,
      topic: "orders.created",
      type: null,
      preparedAt: new Date().toISOString(),
      attempt: 1,
    });
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = { ...signWebhook({ id: messageId, timestamp, body, secrets: [secret] }) };
    const response = await fetch(url, { method: "POST", body, headers });
    const text = await response.text();
    if (response.status !== 200) return void count(String(response.status));
    const { outcome } = checkBackAnswer.parse(JSON.parse(text));
    count(outcome);
    if (outcome === "unknown") return;
    const applied = outcome === "committed" ? surelay.confirm(messageId) : surelay.cancel(messageId);
    await applied.catch((error: unknown) =>
      verdict.contradictions.push(`${outcome} ${messageId}: ${String(error)}`),
    );
  };
  const waiting = async (ageMs: number) => {
    const { rows } = await site.store.query<{ id: string }>(
      `SELECT id FROM message_state WHERE state = 'PREPARED' AND stored_at <= clock_timestamp() - make_interval(secs => $1)
       ORDER BY random() LIMIT 100`,
      [ageMs / 1000],
    );
    return rows.map((row) => row.id);
  };
  const loop = (async () => {
    while (!stopped) {
      await Promise.all((await waiting(ASK_AFTER_MS)).map(ask));
      await pause(20);
    }
  })();
  return {
    async settle() {
      const deadline = performance.now() + 20_000;
      while ((await waiting(0)).length > 0 && performance.now() < deadline) await pause(20);
      verdict.stuck = await waiting(0);
    },
    async stop() {
      stopped = true;
      await loop;
      await surelay.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
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
