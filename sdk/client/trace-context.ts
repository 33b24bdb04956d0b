import { AsyncLocalStorage } from "node:async_hooks";

const given = new AsyncLocalStorage<string>();
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Runs `work`; messages prepared or sent in it carry this W3C `traceparent`. What is none is ignored. */
export function withTraceparent<T>(traceparent: string | undefined, work: () => T): T {
  return traceparent !== undefined && TRACEPARENT.test(traceparent) ? given.run(traceparent, work) : work();
}

/** The `traceparent` of `withTraceparent`, else of the active OpenTelemetry span, if that library is in the process. */
export function currentTraceparent(): string | undefined {
  return given.getStore() ?? activeSpan();
}

/** What OpenTelemetry's API package registers under a global symbol for whoever does not import it. */
interface OpenTelemetry {
  context?: { active(): unknown };
  propagation?: {
    inject(
      context: unknown,
      carrier: object,
      setter: { set(carrier: object, key: string, value: string): void },
    ): void;
  };
}

const OPEN_TELEMETRY = Symbol.for("opentelemetry.js.api.1");

function activeSpan(): string | undefined {
  const api = (globalThis as { [OPEN_TELEMETRY]?: OpenTelemetry })[OPEN_TELEMETRY];
  if (!api?.context || !api.propagation) return undefined;
  const carrier = new Map<string, string>();
  try {
    api.propagation.inject(api.context.active(), carrier, {
      set: (_, key, value) => carrier.set(key, value),
    });
  } catch {
    return undefined; // tracing must not fail a business call
  }
  const traceparent = carrier.get("traceparent");
  return traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : undefined;
}
