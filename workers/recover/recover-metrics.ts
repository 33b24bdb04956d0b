import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** What recovery counts; texts are shown by /metrics. */
export class RecoverMetrics {
  readonly released: Counter;
  readonly timedOut: Counter<"to">;
  readonly putOff: Counter;
  readonly redeliveries: Counter;
  readonly usedUp: Counter;
  readonly valveMoves: Counter<"to">;
  readonly heldBack: Gauge;
  readonly late: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.released = new Counter({
      name: "surelay_recover_released_total",
      help: "Scheduled messages that became READY.",
      registers,
    });
    this.timedOut = new Counter({
      name: "surelay_recover_timed_out_total",
      help: "Deliveries that nobody acknowledged in time, by what became of them.",
      labelNames: ["to"],
      registers,
    });
    this.putOff = new Counter({
      name: "surelay_recover_put_off_total",
      help: "Deadlines put off, because the consumer group has not reached the record, or not for long enough.",
      registers,
    });
    this.redeliveries = new Counter({
      name: "surelay_recover_redeliveries_total",
      help: "Redeliveries queued for the relay.",
      registers,
    });
    this.usedUp = new Counter({
      name: "surelay_recover_used_up_total",
      help: "Deliveries given up because their maximum of attempts was lowered.",
      registers,
    });
    this.valveMoves = new Counter({
      name: "surelay_recover_valve_moves_total",
      help: "Changes of subscriptions' valves by this process.",
      labelNames: ["to"],
      registers,
    });
    this.heldBack = new Gauge({
      name: "surelay_recover_held_back_subscriptions",
      help: "Subscriptions whose redeliveries are held back because most of what they get fails.",
      registers,
    });
    this.late = new Histogram({
      name: "surelay_recover_late_seconds",
      help: "How long the oldest redelivery of a batch had been due when it was given out.",
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
      registers,
    });
  }
}
