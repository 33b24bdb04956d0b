import { request as httpRequest, Agent, type IncomingHttpHeaders } from "node:http";

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as JSON; undefined when it is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  body: any;
}

export interface Call {
  method?: string;
  key?: string | null;
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string | Buffer;
  headers?: Record<string, string>;
}

/** A plain HTTP client on keep-alive connections. */
export class ApiClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });
  readonly origin: string;
  key: string;

  constructor(port: number, key: string) {
    this.origin = `http://127.0.0.1:${port}`;
    this.key = key;
  }

  /** @throws when the connection is refused or lost */
  call(path: string, options: Call = {}): Promise<Reply> {
    const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const key = options.key === undefined ? this.key : options.key;
    const headers: Record<string, string> = {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
      ...options.headers,
    };
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        this.origin + path,
        { method: options.method ?? (body === undefined ? "GET" : "POST"), headers, agent: this.#agent },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString();
            resolve({
              status: response.statusCode!,
              headers: response.headers,
              text,
              body: parse(text),
            });
          });
        },
      );
      request.on("error", reject);
      request.end(body);
    });
  }

  prepare(body: unknown, more: Call = {}): Promise<Reply> {
    return this.call("/v1/messages/prepare", { body, ...more });
  }

  send(body: unknown, more: Call = {}): Promise<Reply> {
    return this.call("/v1/messages/send", { body, ...more });
  }

  confirm(id: string, more: Call = {}): Promise<Reply> {
    return this.call(`/v1/messages/${id}/confirm`, { method: "POST", ...more });
  }

  cancel(id: string, more: Call = {}): Promise<Reply> {
    return this.call(`/v1/messages/${id}/cancel`, { method: "POST", ...more });
  }

  get(id: string, more: Call = {}): Promise<Reply> {
    return this.call(`/v1/messages/${id}`, more);
  }

  close(): void {
    this.#agent.destroy();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
