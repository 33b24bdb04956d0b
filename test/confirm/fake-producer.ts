import type { ServerResponse } from "node:http";
import type { CheckBackRequest } from "../../sdk/contract/check-back.ts";
import { type SignatureVerdict, verifyWebhook } from "../../sdk/contract/webhook-signature.ts";
import type { Certificate } from "../support/certificate.ts";
import { type Received, type Receiver, startReceiver } from "../support/receiver.ts";

/** A question that came in. */
export interface Asked extends Omit<Received, "body"> {
  request: CheckBackRequest;
  /** The very bytes. */
  body: string;
}

/** How a producer answers; `asked` is a question, `n` how many were asked about this message before it. */
export type Answer = (asked: Asked, response: ServerResponse, n: number) => unknown;

export interface FakeProducer extends Receiver {
  url: string;
  asked: Asked[];
  /** What is answered from now on. */
  answer(how: Answer): void;
  /** How often each message was asked about. */
  timesAsked(): Map<string, number>;
}

/** Says one thing to everybody. */
export const says =
  (outcome: string): Answer =>
  (_asked, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ outcome }));

/** A business's check endpoint on a free loopback port. */
export async function startProducer(first: Answer, certificate?: Certificate): Promise<FakeProducer> {
  let how = first;
  const asked: Asked[] = [];
  const times = new Map<string, number>();
  const receiver = await startReceiver(({ body: bytes, ...received }, response) => {
    const body = bytes.toString();
    const question = { ...received, body, request: JSON.parse(body) as CheckBackRequest };
    asked.push(question);
    const n = times.get(question.request.messageId) ?? 0;
    times.set(question.request.messageId, n + 1);
    how(question, response, n);
  }, certificate);
  return {
    ...receiver,
    url: `${certificate ? "https" : "http"}://127.0.0.1:${receiver.port}/check`,
    asked,
    answer: (next) => (how = next),
    timesAsked: () => times,
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
