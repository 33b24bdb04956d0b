import { context, type Link, SpanStatusCode, trace } from "@opentelemetry/api";
import { contextOf, tracer } from "../../server/tracing.ts";
import type { Lease } from "./lease-keeper.ts";
import type { PlannedPart } from "./plan-batch.ts";

const MOST_LINKS = 32;

/** Runs `work` in a span of its own, linked to the traces of the first messages of the batch that carry one. */
export async function inBatchSpan<T>(
  lease: Lease,
  parts: readonly PlannedPart[],
  work: () => Promise<T>,
): Promise<T> {
  const span = tracer().startSpan("relay batch", {
    links: linksOf(parts),
    attributes: {
      "surelay.lane": lease.lane,
      "surelay.epoch": lease.epoch.toString(),
      "messaging.system": "kafka",
      "messaging.batch.message_count": parts.reduce((n, part) => n + part.messages.length, 0),
    },
  });
  try {
    return await context.with(trace.setSpan(context.active(), span), work);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
    throw error;
  } finally {
    span.end();
  }
}

function linksOf(parts: readonly PlannedPart[]): Link[] {
  const links: Link[] = [];
  for (const part of parts)
    for (const { traceparent } of part.messages) {
      if (traceparent === null) continue;
      if (links.length >= MOST_LINKS) return links;
      const of = trace.getSpanContext(contextOf(traceparent));
      if (of) links.push({ context: of });
    }
  return links;
}
