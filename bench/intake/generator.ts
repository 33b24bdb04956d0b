import { connect, type Socket } from "node:net";
import { newMessageId } from "../../server/domain/message-id.ts";
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

/**
 * A client as lean as can be: raw keep-alive sockets, requests put together as text, one request at a time on each. It
 * shares two cores with what it measures.
 */
class Client {
  readonly #socket: Socket;
  readonly #key: string;
  #received: Buffer[] = [];
  #length = 0;
  #expected = -1;
  #answered: ((ok: boolean) => void) | null = null;

  constructor(port: number, key: string) {
    this.#key = key;
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#socket.on("error", (error) => {
      throw error;
    });
  }

  /** @returns whether the answer was 2xx */
  post(path: string, body: string): Promise<boolean> {
    this.#socket.write(
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${this.#key}\r\n` +
        (body === "" ? "" : "content-type: application/json\r\n") +
        `content-length: ${body.length}\r\n\r\n${body}`,
    );
    return new Promise((resolve) => (this.#answered = resolve));
  }

  end(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#length += chunk.length;
    if (this.#expected < 0) {
      const head = (this.#received.length === 1 ? chunk : Buffer.concat(this.#received)).toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = /content-length: (\d+)/i.exec(head.slice(0, end));
      this.#expected = end + 4 + Number(length![1]);
    }
    if (this.#length < this.#expected) return;
    const ok = this.#received[0]![9] === 0x32; // HTTP/1.1 2xx
    this.#received = [];
    this.#length = 0;
    this.#expected = -1;
    this.#answered!(ok);
  }
}

function bodyOf(id: string): string {
  return `{"id":"${id}","topic":"orders.created","key":"${id.slice(-4)}","businessKey":"order-${id.slice(-8)}","payload":${PAYLOAD}}`;
}

async function runRound(client: Client, load: Load): Promise<boolean> {
  if (load.batch === 0) {
    const id = newMessageId();
    if (load.calls === "send") return await client.post("/v1/messages/send", bodyOf(id));
    return (
      (await client.post("/v1/messages/prepare", bodyOf(id))) &&
      (await client.post(`/v1/messages/${id}/confirm`, ""))
    );
  }
  const ids = Array.from({ length: load.batch }, newMessageId);
  const items = `{"items":[${ids.map(bodyOf).join(",")}]}`;
  if (load.calls === "send") return await client.post("/v1/batches/send", items);
  return (
    (await client.post("/v1/batches/prepare", items)) &&
    (await client.post("/v1/batches/confirm", `{"ids":["${ids.join('","')}"]}`))
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
    const client = new Client(load.port, load.key);
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
