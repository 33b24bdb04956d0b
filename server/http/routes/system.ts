import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";

export interface ApiReadiness {
  ready: boolean;
  checks: Record<string, string>;
}

export interface SystemRoutes {
  document: Record<string, unknown>;
  readiness: () => Promise<ApiReadiness>;
  /** Absent when they are served on a port of their own. */
  metrics?: Registry;
}

/** The process's own state, and the description of its calls. No key is asked for. */
export function addSystemRoutes(app: FastifyInstance, options: SystemRoutes): void {
  app.get("/v1/openapi.json", () => options.document);
  app.get("/healthz", (_request, reply) => reply.header("cache-control", "no-store").send({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const { ready, checks } = await options.readiness();
    return reply
      .header("cache-control", "no-store")
      .code(ready ? 200 : 503)
      .send({ status: ready ? "ready" : "not ready", checks });
  });
  const { metrics } = options;
  if (metrics)
    app.get("/metrics", async (_request, reply) =>
      reply.header("content-type", metrics.contentType).send(await metrics.metrics()),
    );
}
