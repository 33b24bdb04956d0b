import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type CheckAnswer,
  type CheckOptions,
  createCheck,
  MAX_CHECK_BYTES,
  problem,
} from "./answer-check-back.ts";

/** A request as Express and its middleware leave it. */
type NodeRequest = IncomingMessage & { body?: unknown; rawBody?: unknown };

/** The part of a Fastify instance that is used. */
export interface FastifyLike {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    options: { parseAs: "buffer"; bodyLimit?: number },
    parser: (request: unknown, body: Buffer, done: (error: Error | null, body?: unknown) => void) => void,
  ): unknown;
  // oxlint-disable-next-line typescript/no-explicit-any -- Fastify's own types depend on the instance's generics
  post(path: string, handler: (request: any, reply: any) => Promise<unknown>): unknown;
}

interface FastifyRequestLike {
  method: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer | null | undefined;
}

interface FastifyReplyLike {
  code(status: number): FastifyReplyLike;
  headers(headers: Record<string, string>): FastifyReplyLike;
  send(body: string): unknown;
}

/** The same handler in the form of each library. */
export interface CheckHandler {
  /** For `node:http`, and for Express: `app.post("/check", check.node)`, in front of `express.json()`. */
  node: (request: IncomingMessage, response: ServerResponse) => void;
  /** For Fastify: `app.register(check.fastify, { path: "/check" })`. */
  fastify: (app: FastifyLike, options: { path: string }) => Promise<void>;
  /** For Next route handlers and whatever else speaks the web's Request: `export const POST = check.web`. */
  web: (request: Request) => Promise<Response>;
}

/**
 * Answers the service's check-backs from the barrier row: `committed` if the message's transaction committed, and
 * `rolled_back` if it did not, which at the same time shuts out a transaction that would come later. It waits for a
 * transaction that is still open; if that takes longer than `waitMs`, or the database is away, the answer is 503 and the
 * service asks again. It never guesses, and answers `unknown` only about messages whose rows may have been pruned.
 *
 * Every message of the app must have been prepared by `transactIn` (or its transaction have called `enterBarrier`): of
 * any other the barrier knows nothing and answers `rolled_back`.
 *
 * | answer | when |
 * | --- | --- |
 * | 200 `{"outcome": …}` | the database answered |
 * | 401 | the signature is missing, older than five minutes, or made with another secret |
 * | 400 | signed, but no check-back |
 * | 503 | transaction open, or database away |
 *
 * @throws RangeError when `secret` is none
 */
export function checkHandler<Tx>(options: CheckOptions<Tx>): CheckHandler {
  const check = createCheck(options);
  return {
    node: (request, response) => {
      void answerNode(request, check).then(
        (answer) => response.writeHead(answer.status, answer.headers).end(answer.body),
        () => response.destroy(), // the caller went away
      );
    },
    async fastify(app, { path }) {
      app.removeAllContentTypeParsers();
      const limits = { parseAs: "buffer" as const, bodyLimit: MAX_CHECK_BYTES };
      app.addContentTypeParser("*", limits, (_request, body, done) => done(null, body));
      app.post(path, async (request: FastifyRequestLike, reply: FastifyReplyLike) => {
        const header = (name: string) => first(request.headers[name]);
        const answer = await check({ method: request.method, header, body: request.body ?? "" });
        return reply.code(answer.status).headers(answer.headers).send(answer.body);
      });
    },
    async web(request) {
      const header = (name: string) => request.headers.get(name);
      const body = await readWebBody(request);
      const answer =
        body === "too large" ? tooLarge() : await check({ method: request.method, header, body });
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    },
  };
}

async function answerNode(request: NodeRequest, check: ReturnType<typeof createCheck>): Promise<CheckAnswer> {
  const body = await readBody(request);
  if (body === "parsed")
    return problem(
      "internal",
      "The body was parsed before the check handler: mount it in front of express.json().",
    );
  if (body === "too large") return tooLarge({ connection: "close" });
  return await check({ method: request.method ?? "", header: (name) => first(request.headers[name]), body });
}

function tooLarge(headers: Record<string, string> = {}): CheckAnswer {
  return problem("payload_too_large", "A check-back is smaller than this.", headers);
}

/** The bytes as they came; middleware such as `express.raw()` may have read them already. */
async function readBody(request: NodeRequest): Promise<Buffer | "parsed" | "too large"> {
  for (const read of [request.rawBody, request.body])
    if (Buffer.isBuffer(read) || typeof read === "string") return Buffer.from(read);
  if (request.readableEnded) return "parsed";
  // Whatever comes beyond the limit is let go by unread: to end the stream here would end the answer's connection.
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_CHECK_BYTES) chunks.push(chunk);
      else resolve("too large");
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", reject);
  });
}

async function readWebBody(request: Request): Promise<Uint8Array | "too large"> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_CHECK_BYTES) return "too large";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
