import { setMaxListeners } from "node:events";

/** Aborts at the first SIGTERM or SIGINT, or when the keeper has gone; the process ends 1.5 s later at the latest. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  setMaxListeners(200, controller.signal); // each call and each pause under way listens to it
  const ask = () => {
    controller.abort();
    // Whatever is cut off here is safe to be cut off: that is what the message ids and the inbox are for.
    setTimeout(() => process.exit(0), 1500).unref();
  };
  process.once("SIGTERM", ask);
  process.once("SIGINT", ask);
  if (process.connected) process.once("disconnect", ask);
  return controller.signal;
}

/** One line of JSON on stdout. */
export function say(service: string, event: string, detail: Record<string, unknown> = {}): void {
  console.log(JSON.stringify({ time: new Date().toISOString(), service, event, ...detail }));
}

/** Counts what happened and says so once a minute: a shop at 200 orders per second must not fill a disk. */
export class Journal {
  readonly #service: string;
  readonly #counts = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #lastTrouble: string | null = null;

  constructor(service: string) {
    this.#service = service;
    this.#timer = setInterval(() => this.flush(), 60_000);
    this.#timer.unref();
  }

  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  /** A handler that is counted by whether it throws, which is its caller's affair. */
  counting<Given extends unknown[]>(
    done: string,
    failed: string,
    handler: (...given: Given) => unknown,
  ): (...given: Given) => Promise<void> {
    return async (...given) => {
      try {
        await handler(...given);
        this.count(done);
      } catch (error) {
        this.count(failed);
        throw error;
      }
    };
  }

  /** Said when it begins and when it changes, not at every attempt. */
  trouble(error: unknown): void {
    const reason = reasonOf(error);
    if (reason !== this.#lastTrouble) say(this.#service, "trouble", { reason });
    this.#lastTrouble = reason;
    this.count("failed attempts");
  }

  flush(): void {
    say(this.#service, "minute", Object.fromEntries(this.#counts));
    this.#counts.clear();
    this.#lastTrouble = null;
  }

  end(): void {
    clearInterval(this.#timer);
    this.flush();
  }
}

function reasonOf(error: unknown): string {
  const { message, code, cause } = error as Error & { code?: string };
  const below = cause instanceof Error && cause.message !== message ? ` (${reasonOf(cause)})` : "";
  return `${message || code || String(error)}${below}`;
}
