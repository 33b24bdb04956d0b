import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export type CollectPhaseTimed = "read" | "store" | "remove";

/** What a collector counts. A source that falls behind shows in `lag`; one that stands still in `faults`. */
export class CollectMetrics {
  readonly rows: Counter<"source">;
  readonly batchSize: Histogram;
  readonly refused: Counter<"source" | "code">;
  readonly foundStored: Counter;
  readonly leaseLosses: Counter;
  readonly sources: Gauge;
  readonly faults: Gauge<"source">;
  readonly waiting: Gauge<"source">;
  readonly lag: Gauge<"source">;
  readonly held: Gauge<"source">;
  readonly #phases: Histogram<"phase">;

  constructor(registry: Registry) {
    const registers = [registry];
    const perSource = { labelNames: ["source"] as const, registers };
    this.rows = new Counter({
      name: "surelay_collect_rows_total",
      help: "Rows stored as messages and removed from their source.",
      ...perSource,
    });
    this.batchSize = new Histogram({
      name: "surelay_collect_batch_rows",
      help: "Rows per transaction.",
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000],
      registers,
    });
    this.refused = new Counter({
      name: "surelay_collect_refused_total",
      help: "Times a row was found that cannot become a message as it is, by the reason's code.",
      labelNames: ["source", "code"],
      registers,
    });
    this.foundStored = new Counter({
      name: "surelay_collect_found_stored_total",
      help: "Rows that a takeover found stored and removed from their source.",
      registers,
    });
    this.leaseLosses = new Counter({
      name: "surelay_collect_lease_losses_total",
      help: "Sources lost to another collector.",
      registers,
    });
    this.sources = new Gauge({ name: "surelay_collect_sources", help: "Sources owned now.", registers });
    this.faults = new Gauge({
      name: "surelay_collect_fault",
      help: "1 while an owned source stands still because of a fault.",
      ...perSource,
    });
    this.waiting = new Gauge({
      name: "surelay_collect_waiting_rows",
      help: "Rows that wait in an owned source, counted up to 10,001.",
      ...perSource,
    });
    this.lag = new Gauge({
      name: "surelay_collect_lag_seconds",
      help: "Age of the oldest row that waits in an owned source; 0: none, or the layout does not tell.",
      ...perSource,
    });
    this.held = new Gauge({
      name: "surelay_collect_refused_rows",
      help: "Rows of an owned source that are refused now.",
      ...perSource,
    });
    this.#phases = new Histogram({
      name: "surelay_collect_phase_seconds",
      help: "Duration of each phase of a batch.",
      labelNames: ["phase"],
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
      registers,
    });
  }

  async time<T>(phase: CollectPhaseTimed, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#phases.observe({ phase }, (performance.now() - start) / 1000);
    }
  }

  /** Of a source that is owned no longer nothing is told. */
  forget(source: string): void {
    for (const gauge of [this.faults, this.waiting, this.lag, this.held]) gauge.remove({ source });
  }
}
