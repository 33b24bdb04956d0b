const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;

/** The trace's id within a W3C `traceparent`: what tracing tools search for; null: it is none. */
export function traceIdOf(traceparent: string): string | null {
  return TRACEPARENT.exec(traceparent)?.[1] ?? null;
}
