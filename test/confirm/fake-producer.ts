import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CheckBackRequest } from "../../sdk/contract/check-back.ts";
import { type SignatureVerdict, verifyWebhook } from "../../sdk/contract/webhook-signature.ts";

/** A question that came in. */
export interface Asked {
  request: CheckBackRequest;
  headers: IncomingMessage["headers"];
  /** The very bytes. */
  body: string;
  /** The server's socket: the same number is the same connection. */
  socketPort: number;
}

/** How a producer answers; `asked` is a question, `n` how many were asked about this message before it. */
export type Answer = (asked: Asked, response: ServerResponse, n: number) => unknown;

export interface FakeProducer {
  url: string;
  port: number;
  asked: Asked[];
  /** What is answered from now on. */
  answer(how: Answer): void;
  /** How often each message was asked about. */
  timesAsked(): Map<string, number>;
  /** As a producer that dies: connections are cut, the port is closed. */
  die(): Promise<void>;
  /** On the same port again. */
  revive(): Promise<void>;
}

/** Says one thing to everybody. */
export const says =
  (outcome: string): Answer =>
  (_asked, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ outcome }));

/** A business's check endpoint on a free loopback port. */
export async function startProducer(first: Answer): Promise<FakeProducer> {
  let how = first;
  let server: Server | undefined;
  const asked: Asked[] = [];
  const times = new Map<string, number>();
  const start = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
          const body = Buffer.concat(chunks).toString();
          const question = {
            request: JSON.parse(body) as CheckBackRequest,
            headers: request.headers,
            body,
            socketPort: request.socket.remotePort ?? 0,
          };
          asked.push(question);
          const n = times.get(question.request.messageId) ?? 0;
          times.set(question.request.messageId, n + 1);
          how(question, response, n);
        });
      });
      server.keepAliveTimeout = 60_000;
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => resolve((server!.address() as AddressInfo).port));
    });
  const port = await start(0);
  return {
    url: `http://127.0.0.1:${port}/check`,
    port,
    asked,
    answer: (next) => (how = next),
    timesAsked: () => times,
    die: async () => {
      const dying = server;
      server = undefined;
      if (!dying) return;
      const closed = new Promise((resolve) => dying.close(resolve));
      dying.closeAllConnections();
      await closed;
    },
    revive: async () => void (await start(port)),
  };
}

/** Judges a question as a receiver does. */
export function verify(asked: Asked, secrets: string[]): SignatureVerdict {
  return verifyWebhook({
    header: (name) => asked.headers[name] as string | undefined,
    body: asked.body,
    secrets,
  });
}
