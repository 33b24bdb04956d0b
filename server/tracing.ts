import { context, type Context, propagation, trace, type Tracer } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import type { Config } from "./config/config.ts";

/**
 * Sends traces when OTEL_EXPORTER_OTLP_ENDPOINT is set; otherwise every span is a no-op of the OpenTelemetry API.
 * A producer's `traceparent` is stored and put into the Kafka record in any case: it needs no exporter.
 *
 * @returns `stop` sends what is still buffered
 */
export function startTracing(config: Config, kind: string, version: string): { stop(): Promise<void> } {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint) return { stop: () => Promise.resolve() };
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      "service.name": `surelay-${kind}`,
      "service.version": version,
      "service.instance.id": config.SURELAY_INSTANCE,
      "deployment.environment.name": config.SURELAY_ENV,
    }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/traces` })),
    ],
  });
  provider.register();
  return { stop: () => provider.shutdown() };
}

export function tracer(): Tracer {
  return trace.getTracer("surelay");
}

/** The context a `traceparent` names, so that our span becomes its child. */
export function contextOf(traceparent: string | null): Context {
  return traceparent === null ? context.active() : propagation.extract(context.active(), { traceparent });
}
