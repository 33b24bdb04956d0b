import { newMessageId } from "../../server/domain/message-id.ts";
import { HttpClient } from "../support/http-client.ts";
import { quantile, round } from "../support/report.ts";

/** What the load generator is asked to do; given as JSON in its first argument. */
export interface Load {
  port: number;
  key: string;
  clients: number;
  /** 0: pairs of single calls; otherwise messages per batch call. */
  batch: number;
  /** What one round is: prepare and confirm, or send alone. */
  calls: "pair" | "send";
  warmupSeconds: number;
  seconds: number;
}

/** What it saw; printed as JSON. Latencies are of a whole round, ms. */
export interface LoadResult {
  rounds: number;
  messages: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Answers other than 2xx. */
  refused: number;
  cpuSeconds: number;
}

const PAYLOAD = JSON.stringify({ text: "p".repeat(289) });

function bodyOf(id: string): string {
  return `{"id":"${id}","topic":"orders.created","key":"${id.slice(-4)}","businessKey":"order-${id.slice(-8)}","payload":${PAYLOAD}}`;
}

async function runRound(client: HttpClient, load: Load): Promise<boolean> {
  if (load.batch === 0) {
    const id = newMessageId();
    if (load.calls === "send") return (await client.post("/v1/messages/send", bodyOf(id))).ok;
    return (
      (await client.post("/v1/messages/prepare", bodyOf(id))).ok &&
      (await client.post(`/v1/messages/${id}/confirm`, "")).ok
    );
  }
  const ids = Array.from({ length: load.batch }, newMessageId);
  const items = `{"items":[${ids.map(bodyOf).join(",")}]}`;
  if (load.calls === "send") return (await client.post("/v1/batches/send", items)).ok;
  return (
    (await client.post("/v1/batches/prepare", items)).ok &&
    (await client.post("/v1/batches/confirm", `{"ids":["${ids.join('","')}"]}`)).ok
  );
}

const load = JSON.parse(process.argv[2]!) as Load;
const from = performance.now() + load.warmupSeconds * 1000;
const until = from + load.seconds * 1000;
const latencies: number[] = [];
let refused = 0;
let cpu = process.cpuUsage();
setTimeout(() => (cpu = process.cpuUsage()), load.warmupSeconds * 1000);

await Promise.all(
  Array.from({ length: load.clients }, async () => {
    const client = new HttpClient(load.port, load.key);
    for (;;) {
      const began = performance.now();
      if (began >= until) break;
      const ok = await runRound(client, load);
      const ended = performance.now();
      if (!ok) refused++;
      else if (began >= from && ended <= until) latencies.push(ended - began);
    }
    client.end();
  }),
);
const used = process.cpuUsage(cpu);
const messages = latencies.length * Math.max(1, load.batch);
const result: LoadResult = {
  rounds: latencies.length,
  messages,
  perSecond: Math.round(messages / load.seconds),
  p50: round(quantile(latencies, 0.5), 2),
  p99: round(quantile(latencies, 0.99), 2),
  refused,
  cpuSeconds: (used.user + used.system) / 1e6,
};
console.log(JSON.stringify(result));
