import { randomUUID } from "node:crypto";
import type { Stack } from "./stack.ts";

export interface Sent {
  id: string;
  state: string;
}

interface Content {
  topic?: string;
  key?: string;
  businessKey?: string;
  type?: string;
  payload?: unknown;
  payloadBase64?: string;
  contentType?: string;
  headers?: Record<string, string>;
  deliverAt?: string;
}

/** A business system that uses the public API. */
export class Producer {
  readonly #stack: Stack;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** One phase: READY at once. */
  send(content: Content = {}, app = "orders"): Promise<Sent> {
    return this.#post("/v1/messages/send", this.#complete(content), app);
  }

  prepare(content: Content = {}, app = "orders"): Promise<Sent> {
    return this.#post("/v1/messages/prepare", this.#complete(content), app);
  }

  confirm(id: string, app = "orders"): Promise<Sent> {
    return this.#post(`/v1/messages/${id}/confirm`, undefined, app);
  }

  cancel(id: string, app = "orders"): Promise<Sent> {
    return this.#post(`/v1/messages/${id}/cancel`, undefined, app);
  }

  async sendMany(count: number, content: (n: number) => Content, app = "orders"): Promise<Sent[]> {
    const items = Array.from({ length: count }, (_, n) => this.#complete(content(n)));
    return (await this.#post<{ results: Sent[] }>("/v1/batches/send", { items }, app)).results;
  }

  #complete(content: Content): Content {
    const body =
      content.payloadBase64 === undefined && content.payload === undefined ? { payload: { order: 1 } } : {};
    return { topic: "orders.created", businessKey: `o-${randomUUID().slice(0, 8)}`, ...body, ...content };
  }

  async #post<T = Sent>(path: string, body: unknown, app: string): Promise<T> {
    const response = await fetch(this.#stack.apiUrl + path, {
      method: "POST",
      headers: {
        authorization: `Bearer ${this.#stack.keys[app]}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}
