import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { QueueLimit } from "./queue-limit.ts";

/** What intake shows of itself. */
export interface IntakeMetrics {
  flush(kind: string, flush: { items: number; bytes: number; ms: number; failed: boolean }): void;
  result(kind: string, outcome: string): void;
}

export function createIntakeMetrics(registry: Registry, limit: QueueLimit): IntakeMetrics {
  const registers = [registry];
  const items = new Histogram({
    name: "surelay_intake_flush_messages",
    help: "Messages per flush.",
    labelNames: ["kind"],
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000],
    registers,
  });
  const seconds = new Histogram({
    name: "surelay_intake_flush_seconds",
    help: "Time from a flush's start to its commit.",
    labelNames: ["kind"],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const failures = new Counter({
    name: "surelay_intake_flush_failures_total",
    help: "Flushes that failed as a whole.",
    labelNames: ["kind"],
    registers,
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge("surelay_intake_waiting_messages", "Messages waiting for a flush or in one.", () => limit.items);
  gauge("surelay_intake_waiting_bytes", "Bytes of the messages waiting or in flight.", () => limit.bytes);

  // Counted in a plain map and handed over when scraped: a labelled counter costs a microsecond per message.
  const results = new Map<string, number>();
  const counter = new Counter({
    name: "surelay_intake_results_total",
    help: "Messages answered, by call and by state or error code.",
    labelNames: ["kind", "outcome"],
    registers: [],
    collect() {
      this.reset();
      for (const [key, count] of results) {
        const [kind, outcome] = key.split(" ") as [string, string];
        this.inc({ kind, outcome }, count);
      }
    },
  });
  registry.registerMetric(counter);
  return {
    flush(kind, flush) {
      items.observe({ kind }, flush.items);
      seconds.observe({ kind }, flush.ms / 1000);
      if (flush.failed) failures.inc({ kind });
    },
    result(kind, outcome) {
      const key = `${kind} ${outcome}`;
      results.set(key, (results.get(key) ?? 0) + 1);
    },
  };
}
