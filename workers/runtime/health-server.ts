import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";

export interface Readiness {
  ready: boolean;
  /** One line per check, for a person. */
  checks: Record<string, string>;
}

export interface HealthServer {
  port: number;
  stop(): Promise<void>;
}

/** /healthz (the process answers), /readyz (it can do its work) and /metrics of a process that serves nothing else. */
export async function startHealthServer(options: {
  host: string;
  port: number;
  metrics: Registry;
  readiness: () => Promise<Readiness>;
}): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
    const json = (status: number, body: unknown) => send(status, "application/json", JSON.stringify(body));
    switch (request.url?.split("?")[0]) {
      case "/healthz":
        return json(200, { status: "ok" });
      case "/readyz":
        return void options.readiness().then(
          (r) => json(r.ready ? 200 : 503, { status: r.ready ? "ready" : "not ready", checks: r.checks }),
          (error: Error) => json(503, { status: "not ready", checks: { error: error.message } }),
        );
      case "/metrics":
        return void options.metrics.metrics().then(
          (text) => send(200, options.metrics.contentType, text),
          () => send(500, "text/plain", "metrics failed"),
        );
      default:
        return json(404, { error: "there are /healthz, /readyz and /metrics" });
    }
  });
  await listen(server, options.host, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
