// A client of Surelay's HTTP API, as small as it gets: this and `retry.ts` are what a service needs of its own.

export interface Message {
  /** A UUIDv7. Choose it yourself: it makes every call repeatable. */
  id: string;
  topic: string;
  key?: string;
  type?: string;
  businessKey?: string;
  payload: unknown;
}

export interface Result {
  id?: string;
  state?: string;
  error?: { code: string; detail: string };
}

/** A call that was not answered 2xx. */
export class SurelayError extends Error {
  /** Stable, such as `validation_failed`; `unreachable` when there was no answer at all. */
  readonly code: string;
  /** The same call may succeed later: no answer, 429 or 5xx. What it asks for may have happened, so repeat it as it is. */
  readonly retryable: boolean;
  readonly retryAfterMs: number;

  constructor(code: string, detail: string, retryable: boolean, retryAfterMs = 0, cause?: unknown) {
    super(`${code}: ${detail}`, { cause });
    this.name = "SurelayError";
    this.code = code;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

export class Surelay {
  readonly #url: string;
  readonly #key: string;
  readonly #stop: AbortSignal;

  /** @param stop ends calls in flight when the process stops */
  constructor(url: string, key: string, stop: AbortSignal) {
    this.#url = url.replace(/\/$/, "");
    this.#key = key;
    this.#stop = stop;
  }

  /** Stores a message that is delivered only after `confirm`. */
  async prepare(message: Message): Promise<void> {
    await this.#post("/v1/messages/prepare", message);
  }

  async confirm(id: string): Promise<void> {
    await this.#post(`/v1/messages/${id}/confirm`);
  }

  async cancel(id: string): Promise<void> {
    await this.#post(`/v1/messages/${id}/cancel`);
  }

  /** Stores a message to be delivered: for a fact that is committed already. */
  async send(message: Message): Promise<void> {
    await this.#post("/v1/messages/send", message);
  }

  /** Confirms up to 500 at once; each is judged alone, the results come in the order of the ids. */
  async confirmAll(ids: string[]): Promise<Result[]> {
    const answer = await this.#post("/v1/batches/confirm", { ids });
    return (answer as { results: Result[] }).results;
  }

  async #post(path: string, body?: unknown): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.#url + path, {
        method: "POST",
        headers: {
          authorization: `Bearer ${this.#key}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.any([this.#stop, AbortSignal.timeout(15_000)]),
      });
      text = await response.text();
    } catch (cause) {
      throw new SurelayError("unreachable", (cause as Error).message, true, 0, cause);
    }
    if (response.ok) return text === "" ? undefined : JSON.parse(text);
    const problem = readProblem(text);
    throw new SurelayError(
      problem.code ?? `http_${response.status}`,
      problem.detail ?? text.slice(0, 200),
      response.status === 429 || response.status >= 500,
      Number(response.headers.get("retry-after") ?? 0) * 1000,
    );
  }
}

function readProblem(text: string): { code?: string; detail?: string } {
  try {
    return JSON.parse(text) as { code?: string; detail?: string };
  } catch {
    return {}; // something between us and the service answered
  }
}
