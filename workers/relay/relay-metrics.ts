import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export type Phase = "read" | "begin" | "send" | "commit" | "mark" | "recover";

/** What a relay counts. A rising rate of redos is what to alert on; one now and then is a leader that moved. */
export class RelayMetrics {
  readonly transactions: Counter;
  readonly messages: Counter;
  readonly resent: Counter;
  readonly batchSize: Histogram;
  readonly redos: Counter<"reason">;
  readonly foundSent: Counter;
  readonly rejected: Counter;
  readonly leaseLosses: Counter;
  readonly lanes: Gauge;
  readonly heldTopics: Gauge<"lane">;
  readonly behind: Gauge<"lane">;
  readonly #phases: Histogram<"phase">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.transactions = new Counter({
      name: "surelay_relay_transactions_total",
      help: "Kafka transactions committed.",
      registers,
    });
    this.messages = new Counter({
      name: "surelay_relay_messages_total",
      help: "Messages sent and marked SENT.",
      registers,
    });
    this.resent = new Counter({
      name: "surelay_relay_resent_total",
      help: "Messages sent once more because an operator asked for it.",
      registers,
    });
    this.batchSize = new Histogram({
      name: "surelay_relay_batch_messages",
      help: "Messages per transaction.",
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000],
      registers,
    });
    this.redos = new Counter({
      name: "surelay_relay_redos_total",
      help: "Lanes taken again after a fault, by its code.",
      labelNames: ["reason"],
      registers,
    });
    this.foundSent = new Counter({
      name: "surelay_relay_found_sent_total",
      help: "Messages that a takeover found committed but not marked.",
      registers,
    });
    this.rejected = new Counter({
      name: "surelay_relay_rejected_total",
      help: "Messages the broker refuses for good.",
      registers,
    });
    this.leaseLosses = new Counter({
      name: "surelay_relay_lease_losses_total",
      help: "Lanes lost to another relay.",
      registers,
    });
    this.lanes = new Gauge({ name: "surelay_relay_lanes", help: "Lanes owned now.", registers });
    this.heldTopics = new Gauge({
      name: "surelay_relay_held_topics",
      help: "Topics of a lane whose messages are held now: faulty in the broker, or paused.",
      labelNames: ["lane"],
      registers,
    });
    this.behind = new Gauge({
      name: "surelay_relay_behind_seconds",
      help: "How long ago a lane was last empty; 0 while it is.",
      labelNames: ["lane"],
      registers,
    });
    this.#phases = new Histogram({
      name: "surelay_relay_phase_seconds",
      help: "Duration of each phase of a transaction.",
      labelNames: ["phase"],
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
      registers,
    });
  }

  async time<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#phases.observe({ phase }, (performance.now() - start) / 1000);
    }
  }
}
