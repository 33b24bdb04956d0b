import { Counter, Histogram, type Registry } from "prom-client";

/** Requests answered, and how long that took. */
export interface RequestMetrics {
  /** @param route the path's template; @param status 499: the caller went away */
  request(route: string, status: number, ms: number): void;
}

export function createRequestMetrics(registry: Registry): RequestMetrics {
  const counts = new Map<string, Map<number, number>>();
  const seconds = new Histogram({
    name: "surelay_http_request_seconds",
    help: "Time from a request's headers to its answer.",
    labelNames: ["route"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const counter = new Counter({
    name: "surelay_http_requests_total",
    help: "Requests answered, by route and status.",
    labelNames: ["route", "status"],
    registers: [],
    collect() {
      this.reset();
      for (const [route, statuses] of counts)
        for (const [status, count] of statuses) this.inc({ route, status }, count);
    },
  });
  registry.registerMetric(counter);
  return {
    request(route, status, ms) {
      let statuses = counts.get(route);
      if (!statuses) counts.set(route, (statuses = new Map<number, number>()));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      seconds.observe({ route }, ms / 1000);
    },
  };
}
