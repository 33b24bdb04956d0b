import { setTimeout as sleep } from "node:timers/promises";
import { newMessageId } from "../../server/domain/message-id.ts";
import type { Truth } from "./judge.ts";

export interface ProducerOptions {
  apiUrl: string;
  apiKey: string;
  topics: readonly string[];
  /** Set apart from other producers' keys: only one of them orders a key. */
  name: string;
  perSecond: number;
  truth: Truth;
  signal: AbortSignal;
}

interface Item {
  id: string;
  topic: string;
  key: string;
  n: number;
}

type Answer = "yes" | "no" | "unknown";

const KEYS = 40;
const ROUND = 20;
const CALL_MS = 5000;
/** How long a producer goes on asking before it leaves a message's outcome unknown. */
const PATIENCE_MS = 60_000;

/**
 * One business service: stores messages, then confirms, cancels or forgets them, one round after the other, and writes
 * down what it was told. A key's next message is begun after the one before was answered, which is what order means here.
 */
export async function produce(options: ProducerOptions): Promise<void> {
  const counters = new Map<string, number>();
  const started = performance.now();
  let made = 0;
  while (!options.signal.aborted) {
    const due = (made / options.perSecond) * 1000 - (performance.now() - started);
    if (due > 0) await sleep(due);
    const items = round(options, counters);
    made += items.length;
    await play(options, items);
  }
}

/** Each key at most once, so that no order within the round matters. */
function round(options: ProducerOptions, counters: Map<string, number>): Item[] {
  const size = Math.random() < 0.3 ? 1 : ROUND;
  const first = Math.floor(Math.random() * KEYS);
  return Array.from({ length: size }, (_, i) => {
    const key = `${options.name}-${(first + i) % KEYS}`;
    const topic = options.topics[(first + i) % options.topics.length]!;
    const n = (counters.get(key) ?? 0) + 1;
    counters.set(key, n);
    return { id: newMessageId(), topic, key, n };
  });
}

async function play(options: ProducerOptions, items: Item[]): Promise<void> {
  const { truth } = options;
  const dice = Math.random();
  if (dice < 0.15) {
    for (const { id } of items) truth.unknown.add(id);
    return learn(truth, items, await insist(options, "send", items));
  }
  for (const { id } of items) truth.neverSent.add(id);
  const prepared = await insist(options, "prepare", items);
  const stored = items.filter((_, i) => prepared[i] === "yes");
  if (stored.length === 0 || dice < 0.2) return; // forgotten: it stays prepared, and must never be seen
  if (dice < 0.35) return void (await insist(options, "cancel", stored));
  for (const { id } of stored) {
    truth.neverSent.delete(id);
    truth.unknown.add(id);
  }
  learn(truth, stored, await insist(options, "confirm", stored));
}

function learn(truth: Truth, items: Item[], answers: Answer[]): void {
  items.forEach((item, i) => {
    if (answers[i] !== "yes") return;
    truth.unknown.delete(item.id);
    truth.confirmed.set(item.id, { topic: item.topic, key: item.key, n: item.n });
  });
}

/** Asks until every item is answered, as a careful caller does; one in five callers gives up at the first trouble. */
async function insist(
  options: ProducerOptions,
  call: "prepare" | "confirm" | "cancel" | "send",
  items: Item[],
): Promise<Answer[]> {
  const answers = items.map((): Answer => "unknown");
  const patience = Math.random() < 0.2 ? 0 : PATIENCE_MS;
  const started = performance.now();
  for (;;) {
    const open = items.filter((_, i) => answers[i] === "unknown");
    const given = await ask(options, call, open);
    open.forEach((item, i) => (answers[items.indexOf(item)] = given[i]!));
    if (!answers.includes("unknown") || performance.now() - started > patience) return answers;
    await sleep(100 + Math.random() * 200);
  }
}

async function ask(options: ProducerOptions, call: string, items: Item[]): Promise<Answer[]> {
  const body =
    call === "prepare" || call === "send"
      ? { items: items.map(messageOf) }
      : { ids: items.map((item) => item.id) };
  try {
    const response = await fetch(`${options.apiUrl}/v1/batches/${call}`, {
      method: "POST",
      headers: { authorization: `Bearer ${options.apiKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_MS),
    });
    const answer = (await response.json()) as { results?: { state?: string; error?: { status: number } }[] };
    if (response.status === 400 || response.status === 401)
      throw new Error(`the API refused a call: ${JSON.stringify(answer)}`);
    return items.map((_, i) => {
      const result = answer.results?.[i];
      if (result?.state) return "yes";
      return result?.error && result.error.status < 500 && result.error.status !== 429 ? "no" : "unknown";
    });
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("the API refused")) throw error;
    return items.map(() => "unknown");
  }
}

function messageOf(item: Item) {
  // The same id must mean the same content however often it is sent, so the padding follows from the id.
  const pad = "x".repeat(Number.parseInt(item.id.slice(-3), 16) % 600);
  return { id: item.id, topic: item.topic, key: item.key, payload: { key: item.key, n: item.n, pad } };
}
