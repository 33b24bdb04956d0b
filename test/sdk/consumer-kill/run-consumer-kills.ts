import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type pg from "pg";
import { waitUntil } from "../../../local/wait-until.ts";
import { newMessageId } from "../../../sdk/producer/index.ts";
import { bundleProgram } from "../../support/bundle-program.ts";
import { type AckReceiver, receiveAcks } from "../consumer/ack-receiver.ts";
import { openTopics, type RecordInput, type Topics } from "../consumer/records.ts";
import type { Action } from "../kill/end-at-step.ts";
import { type Step, STEPS } from "./steps.ts";

export interface ConsumerKillSite {
  bootstrap: string;
  businessUrl: string;
  business: pg.Pool;
}

export interface ConsumerKillVerdict {
  kills: number;
  /** How often each step was the last one. */
  steps: Partial<Record<Step, number>>;
  messages: number;
  /** Messages that never took effect, or did more than once. */
  wrong: string[];
  /** Messages that the service was never told the end of. */
  untold: string[];
  /** Messages of a key that took effect before one in front of them. */
  disordered: string[];
  /** Offsets that were never committed. */
  lag: number;
  /** Deliveries that were skipped because the message was handled already: acknowledged more than once. */
  again: number;
  rejected: number;
  failures: string[];
}

const FATES = ["fine", "fine", "fine", "slow", "slow", "fails once", "rejected", "swallows"];
const PER_KILL = 25;

/** Subscriptions side by side, each with processes that die one after the other and a last one that does not. */
export async function runConsumerKills(
  site: ConsumerKillSite,
  options: { kills: number; parallel: number },
): Promise<ConsumerKillVerdict> {
  const verdict: ConsumerKillVerdict = {
    kills: 0,
    steps: {},
    messages: 0,
    wrong: [],
    untold: [],
    disordered: [],
    lag: 0,
    again: 0,
    rejected: 0,
    failures: [],
  };
  let planned = 0;
  const next = () => (planned < options.kills ? planOf(planned++) : null);
  await Promise.all(
    Array.from({ length: options.parallel }, (_, lane) => runLane(site, `lane-${lane}`, next, verdict)),
  );
  return verdict;
}

/** Each step in turn; every fourth time round the process sleeps past its session there first, and goes on. */
function planOf(n: number): { step: Step; action: Action } {
  return {
    step: STEPS[n % STEPS.length]!,
    action: Math.floor(n / STEPS.length) % 4 === 1 ? "sleep" : "kill",
  };
}

async function runLane(
  site: ConsumerKillSite,
  subscription: string,
  next: () => { step: Step; action: Action } | null,
  verdict: ConsumerKillVerdict,
): Promise<void> {
  const topics = await openTopics(subscription, 2, site.bootstrap);
  const receiver = await receiveAcks();
  redeliver(topics, receiver);
  const sent: Sent[] = [];
  const start = (step: string, action: Action) =>
    startConsumer(site, { topics, receiver, subscription, step, action, maxStarts: 1000 });
  try {
    for (let plan = next(); plan; plan = next()) {
      await sendMore(topics, sent, PER_KILL);
      const ended = start(plan.step, plan.action);
      // Somebody takes the sleeper's partitions.
      const other = plan.action === "sleep" ? start("none", "kill") : null;
      // A step that does not come (no mark is due, say) ends from outside.
      if (!(await ended.within(6000))) ended.kill();
      other?.kill();
      await Promise.all([ended.over, other?.over]);
      verdict.failures.push(...ended.lines.filter((line) => line.startsWith("trouble upkeep")));
      verdict.kills++;
      verdict.steps[plan.step] = (verdict.steps[plan.step] ?? 0) + 1;
    }
    const last = start("none", "kill");
    const groupId = `${topics.topic}.${subscription}`;
    const lag = async () => (await topics.lag(groupId)) + (await topics.lag(groupId, topics.retryTopic));
    await waitUntil(async () => (await lag()) === 0 && untoldOf(sent, receiver).length === 0, {
      timeoutMs: 30_000,
      everyMs: 50,
    });
    verdict.lag += await lag();
    last.kill();
    await last.over;
    verdict.messages += sent.length;
    verdict.untold.push(...untoldOf(sent, receiver));
    await compare(site.business, sent, receiver, verdict);
  } finally {
    await receiver.stop();
    await topics.close();
  }
}

interface Sent {
  id: string;
  fate: string;
}

async function sendMore(topics: Topics, sent: Sent[], count: number): Promise<void> {
  const records: RecordInput[] = Array.from({ length: count }, () => {
    const fate = FATES[Math.floor(Math.random() * FATES.length)]!;
    const id = newMessageId();
    sent.push({ id, fate });
    return { id, key: `K-${Math.floor(Math.random() * 6)}`, payload: { seq: sent.length, fate } };
  });
  await topics.send(records);
}

/** The service's part: what is to be retried comes again on the retry topic, each attempt once. */
function redeliver(topics: Topics, receiver: AckReceiver): void {
  const redelivered = new Set<string>();
  receiver.onItem = ({ messageId, outcome, attempt = 1 }) => {
    if (outcome !== "retry" || redelivered.has(`${messageId} ${attempt}`)) return;
    redelivered.add(`${messageId} ${attempt}`);
    void topics.send(
      [{ id: messageId, attempt: attempt + 1, payload: { seq: -1, fate: "fine" } }],
      topics.retryTopic,
    );
  };
}

function untoldOf(sent: readonly Sent[], receiver: AckReceiver): string[] {
  const told = new Set(
    receiver.items.filter(({ outcome }) => outcome !== "retry").map((item) => item.messageId),
  );
  return sent.filter(({ id }) => !told.has(id)).map(({ id, fate }) => `${id} ${fate}`);
}

async function compare(
  business: pg.Pool,
  sent: readonly Sent[],
  receiver: AckReceiver,
  verdict: ConsumerKillVerdict,
): Promise<void> {
  const { rows } = await business.query<{ message_id: string; key: string; seq: number }>(
    "SELECT message_id, key, seq FROM effect WHERE message_id = ANY($1) ORDER BY n",
    [sent.map(({ id }) => id)],
  );
  const effects = new Map<string, number>();
  for (const { message_id } of rows) effects.set(message_id, (effects.get(message_id) ?? 0) + 1);
  for (const { id, fate } of sent) {
    const count = effects.get(id) ?? 0;
    if (count !== (fate === "rejected" ? 0 : 1))
      verdict.wrong.push(`${id} ${fate} took effect ${count} times`);
    const items = receiver.of(id);
    if (items.filter(({ outcome }) => outcome === "acked").length > 1) verdict.again++;
    if (items.some(({ outcome }) => outcome === "rejected")) verdict.rejected++;
  }
  const latest = new Map<string, number>();
  for (const { message_id, key, seq } of rows) {
    if (seq < 0) continue; // a redelivery is out of order by its nature
    if (seq < (latest.get(key) ?? 0)) verdict.disordered.push(`${key} ${message_id}`);
    latest.set(key, seq);
  }
}

/** A consumer in a process of its own. */
export interface ConsumerProcess {
  lines: string[];
  over: Promise<unknown>;
  /** Whether it ended by itself within that time, in ms. */
  within(ms: number): Promise<boolean>;
  kill(): void;
}

export function startConsumer(
  site: Pick<ConsumerKillSite, "bootstrap" | "businessUrl">,
  plan: {
    topics: Topics;
    receiver: AckReceiver;
    subscription: string;
    step: string;
    action: Action;
    maxStarts: number;
  },
): ConsumerProcess {
  const child = spawn(process.execPath, [bundleProgram("test/sdk/consumer-kill/consumer-process.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "test",
      KAFKAJS_NO_PARTITIONER_WARNING: "1",
      BROKERS: site.bootstrap,
      TOPIC: plan.topics.topic,
      GROUP: `${plan.topics.topic}.${plan.subscription}`,
      SUBSCRIPTION: plan.subscription,
      ACK_URL: plan.receiver.url,
      BUSINESS_URL: site.businessUrl,
      STEP: plan.step,
      ACTION: plan.action,
      NTH: String(1 + Math.floor(Math.random() * 6)),
      MAX_STARTS: String(plan.maxStarts),
    },
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    // Longer than the group waits for it: its partitions are free meanwhile.
    if (line === "asleep") setTimeout(() => child.kill("SIGCONT"), 1500);
  });
  const over = new Promise<string | null>((resolve) => child.once("close", (_, signal) => resolve(signal)));
  return {
    lines,
    over,
    kill: () => void child.kill("SIGKILL"),
    async within(ms) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
      return await Promise.race([over.then(() => true), late]).finally(() => clearTimeout(timer));
    },
  };
}
