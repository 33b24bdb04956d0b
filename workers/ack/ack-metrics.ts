import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** What the process shows of itself. */
export interface AckMetrics {
  /** A record of the topic: the delivery's state, `poison`, or an error's code. */
  record(outcome: string): void;
  settled(count: number): void;
  pass(ms: number): void;
  fault(): void;
}

export function createAckMetrics(
  registry: Registry,
  read: { watched: () => number; partitions: () => number },
): AckMetrics {
  const registers = [registry];
  const records = new Counter({
    name: "surelay_ack_records_total",
    help: "Records of the topic of acknowledgements, by the delivery's state; poison: no acknowledgement; else an error code.",
    labelNames: ["outcome"],
    registers,
  });
  const settled = new Counter({
    name: "surelay_ack_offset_settled_total",
    help: "Messages that committed offsets have made CONSUMED.",
    registers,
  });
  const faults = new Counter({
    name: "surelay_ack_watch_faults_total",
    help: "Passes over a topic's consumer groups that failed.",
    registers,
  });
  const seconds = new Histogram({
    name: "surelay_ack_watch_seconds",
    help: "Time of one pass over a topic's consumer groups.",
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge("surelay_ack_watched_topics", "Topics whose consumer groups this process watches.", read.watched);
  gauge(
    "surelay_ack_partitions",
    "Partitions of the topic of acknowledgements that this process reads.",
    read.partitions,
  );
  return {
    record: (outcome) => records.inc({ outcome }),
    settled: (count) => settled.inc(count),
    pass: (ms) => seconds.observe(ms / 1000),
    fault: () => faults.inc(),
  };
}
