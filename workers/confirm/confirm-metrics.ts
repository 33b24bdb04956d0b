import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { stopwatch } from "../runtime/stopwatch.ts";

/** What the status confirmation counts; texts are shown by /metrics. */
export class ConfirmMetrics {
  readonly sent: Counter<"outcome">;
  readonly unsent: Counter<"error">;
  readonly effects: Counter<"effect">;
  readonly unwritten: Counter;
  readonly lapsed: Counter;
  readonly asking: Gauge;
  readonly waiting: Gauge;
  readonly openBreakers: Gauge;
  readonly breakerMoves: Counter<"to">;
  readonly late: Histogram;
  readonly #asked: Histogram;
  readonly timeWrite: <T>(work: () => Promise<T>) => Promise<T>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.sent = new Counter({
      name: "surelay_confirm_checks_total",
      help: "Check-backs sent, by what was answered.",
      labelNames: ["outcome"],
      registers,
    });
    this.unsent = new Counter({
      name: "surelay_confirm_unsent_total",
      help: "Check-backs that could not be sent, by why. They are not counted as attempts.",
      labelNames: ["error"],
      registers,
    });
    this.effects = new Counter({
      name: "surelay_confirm_effects_total",
      help: "What check-backs did to their messages.",
      labelNames: ["effect"],
      registers,
    });
    this.unwritten = new Counter({
      name: "surelay_confirm_unwritten_total",
      help: "Answers that could not be written down; the messages are asked about again.",
      registers,
    });
    this.lapsed = new Counter({
      name: "surelay_confirm_lapsed_total",
      help: "Claims that were given up unasked because their lease came too near to its end.",
      registers,
    });
    this.asking = new Gauge({ name: "surelay_confirm_asking", help: "Check-backs under way.", registers });
    this.waiting = new Gauge({
      name: "surelay_confirm_waiting",
      help: "Messages claimed and not asked about yet.",
      registers,
    });
    this.openBreakers = new Gauge({
      name: "surelay_confirm_open_breakers",
      help: "Apps that cannot be reached and are not asked just now.",
      registers,
    });
    this.breakerMoves = new Counter({
      name: "surelay_confirm_breaker_moves_total",
      help: "Changes of apps' breakers by this process.",
      labelNames: ["to"],
      registers,
    });
    this.late = new Histogram({
      name: "surelay_confirm_late_seconds",
      help: "How long after its check time a message was claimed.",
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300],
      registers,
    });
    this.#asked = new Histogram({
      name: "surelay_confirm_ask_seconds",
      help: "From connecting to the last byte of the answer.",
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
      registers,
    });
    this.timeWrite = stopwatch(
      new Histogram({
        name: "surelay_confirm_write_seconds",
        help: "Duration of a statement that writes answers down.",
        buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
        registers,
      }),
    );
  }

  askedIn(ms: number): void {
    this.#asked.observe(ms / 1000);
  }
}
