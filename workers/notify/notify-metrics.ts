import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { stopwatch } from "../runtime/stopwatch.ts";

/** What the webhooks' worker counts; texts are shown by /metrics. */
export class NotifyMetrics {
  readonly calls: Counter<"outcome">;
  readonly effects: Counter<"effect">;
  readonly unwritten: Counter;
  readonly lapsed: Counter;
  readonly disabled: Counter;
  readonly calling: Gauge;
  readonly waiting: Gauge;
  readonly disabledEndpoints: Gauge;
  readonly late: Histogram;
  readonly #called: Histogram;
  readonly timeWrite: <T>(work: () => Promise<T>) => Promise<T>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.calls = new Counter({
      name: "surelay_notify_calls_total",
      help: "Calls of webhooks, by what came back: accepted, or the kind of the failure.",
      labelNames: ["outcome"],
      registers,
    });
    this.effects = new Counter({
      name: "surelay_notify_effects_total",
      help: "What calls did to their deliveries.",
      labelNames: ["effect"],
      registers,
    });
    this.unwritten = new Counter({
      name: "surelay_notify_unwritten_total",
      help: "Outcomes that could not be written down; these receivers are called again.",
      registers,
    });
    this.lapsed = new Counter({
      name: "surelay_notify_lapsed_total",
      help: "Claims that were given up uncalled because their lease came too near to its end.",
      registers,
    });
    this.disabled = new Counter({
      name: "surelay_notify_disabled_total",
      help: "Endpoints that this process has disabled.",
      registers,
    });
    this.calling = new Gauge({ name: "surelay_notify_calling", help: "Calls under way.", registers });
    this.waiting = new Gauge({
      name: "surelay_notify_waiting",
      help: "Deliveries claimed and not called about yet.",
      registers,
    });
    this.disabledEndpoints = new Gauge({
      name: "surelay_notify_disabled_endpoints",
      help: "Endpoints that are disabled; their deliveries wait.",
      registers,
    });
    this.late = new Histogram({
      name: "surelay_notify_late_seconds",
      help: "How long after its time a delivery was claimed.",
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300],
      registers,
    });
    this.#called = new Histogram({
      name: "surelay_notify_call_seconds",
      help: "From connecting to the last byte of the answer.",
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
      registers,
    });
    this.timeWrite = stopwatch(
      new Histogram({
        name: "surelay_notify_write_seconds",
        help: "Duration of a statement that writes outcomes down.",
        buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
        registers,
      }),
    );
  }

  calledIn(ms: number): void {
    this.#called.observe(ms / 1000);
  }
}
