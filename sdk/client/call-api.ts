import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { SurelayError, type SurelayErrorCode } from "./surelay-error.ts";

export interface ApiOptions {
  /** Where the service's API is, such as `http://127.0.0.1:4000`. */
  url: string;
  /** An API key of the app, with the scope that the calls want; a function is asked at every call. */
  key: string | (() => string);
  /** Connections at once. */
  maxSockets: number;
  /** In place of the SDK's own: for proxies and client certificates. */
  agent?: HttpAgent | HttpsAgent | undefined;
}

/** Largest answer that is read: 500 results with their problems stay far below. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** One HTTP API, over connections that are kept. */
export class Api {
  readonly #origin: URL;
  readonly #key: () => string;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #request: typeof httpRequest;

  constructor(options: ApiOptions) {
    this.#origin = new URL(options.url.endsWith("/") ? options.url : `${options.url}/`);
    const secure = this.#origin.protocol === "https:";
    if (!secure && this.#origin.protocol !== "http:")
      throw new TypeError(`not an http(s) address: ${options.url}`);
    const { key } = options;
    this.#key = typeof key === "function" ? key : () => key;
    this.#request = secure ? httpsRequest : httpRequest;
    const keep = { keepAlive: true, maxSockets: options.maxSockets, scheduling: "lifo" as const };
    this.#agent = options.agent ?? (secure ? new HttpsAgent(keep) : new HttpAgent(keep));
  }

  /**
   * One attempt of one call. @param path such as `v1/batches/prepare` @param timeoutMs until the answer is complete
   * @returns the answer of a 2xx @throws SurelayError
   */
  post(path: string, body: string, timeoutMs: number): Promise<unknown> {
    return this.#call("POST", path, body, timeoutMs);
  }

  /** As `post`, of what is only read. */
  get(path: string, timeoutMs: number): Promise<unknown> {
    return this.#call("GET", path, null, timeoutMs);
  }

  /** Ends idle connections, and those in use with whatever they carry. */
  destroy(): void {
    this.#agent.destroy();
  }

  async #call(
    method: "GET" | "POST",
    path: string,
    body: string | null,
    timeoutMs: number,
  ): Promise<unknown> {
    let response: { status: number; retryAfterMs: number; text: string };
    try {
      response = await this.#exchange(method, path, body, timeoutMs);
    } catch (cause) {
      if (cause instanceof SurelayError) throw cause;
      const timedOut = (cause as Error).name === "TimeoutError" || (cause as Error).name === "AbortError";
      const what = timedOut ? `no answer within ${timeoutMs} ms` : (cause as Error).message;
      throw new SurelayError("unreachable", `Surelay at ${this.#origin.host}: ${what}`, { cause });
    }
    const answer = parse(response.text);
    if (response.status >= 200 && response.status < 300 && answer !== undefined) return answer;
    throw toError(response.status, response.retryAfterMs, answer, response.text);
  }

  #exchange(
    method: "GET" | "POST",
    path: string,
    body: string | null,
    timeoutMs: number,
  ): Promise<{ status: number; retryAfterMs: number; text: string }> {
    return new Promise((resolve, reject) => {
      const request = this.#request(
        new URL(path, this.#origin),
        {
          method,
          agent: this.#agent,
          signal: AbortSignal.timeout(timeoutMs),
          headers: {
            authorization: `Bearer ${this.#key()}`,
            ...(body !== null && {
              "content-type": "application/json",
              "content-length": Buffer.byteLength(body),
            }),
          },
        },
        (response) => {
          read(response).then(
            (text) => resolve({ status: response.statusCode!, retryAfterMs: retryAfter(response), text }),
            reject,
          );
        },
      );
      request.on("error", reject);
      request.end(body ?? undefined);
    });
  }
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES)
      throw new SurelayError("bad_answer", "The answer is larger than any of Surelay's.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Seconds; the form with a date is not used by the service. */
function retryAfter(response: IncomingMessage): number {
  const seconds = Number(response.headers["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface ProblemLike {
  code?: unknown;
  detail?: unknown;
  messageId?: unknown;
}

/** @param answer a problem of the contract; whatever else was said is `bad_answer` */
function toError(status: number, retryAfterMs: number, answer: unknown, text: string): SurelayError {
  const { code, detail, messageId } = (answer ?? {}) as ProblemLike;
  if (typeof code !== "string")
    return new SurelayError("bad_answer", `HTTP ${status}: ${text.slice(0, 200)}`, {
      status,
      retryable: status === 429 || status >= 500,
      retryAfterMs,
    });
  return new SurelayError(code as SurelayErrorCode, typeof detail === "string" ? detail : code, {
    status,
    retryable: status === 429 || status >= 500,
    retryAfterMs,
    messageId: typeof messageId === "string" ? messageId : undefined,
  });
}

/** An item's own problem in the answer of a batch. */
export function toItemError(problem: unknown, messageId: string): SurelayError {
  const { code, detail, status } = problem as ProblemLike & { status?: unknown };
  return new SurelayError(code as SurelayErrorCode, typeof detail === "string" ? detail : String(code), {
    status: typeof status === "number" ? status : undefined,
    messageId,
  });
}
