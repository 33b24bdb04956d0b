import type { LanePhase, LaneReport } from "../../server/domain/lane-report.ts";

/** Keeps note of a lane's work: two assignments per step, so that it costs nothing where it is kept. */
export class LaneStatus {
  readonly #lane: number;
  #phase: LanePhase = "recovering";
  #since = Date.now();
  #lastTickAt: number | null = null;
  #inHand: LaneReport["inHand"] = null;
  #lastBatch: LaneReport["lastBatch"] = null;
  #fault: string | null = null;

  constructor(lane: number) {
    this.#lane = lane;
  }

  enter(phase: LanePhase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#since = Date.now();
  }

  take(size: number): void {
    this.#inHand = { size, since: Date.now() };
  }

  sent(): void {
    const now = Date.now();
    if (this.#inHand) this.#lastBatch = { size: this.#inHand.size, ms: now - this.#inHand.since, at: now };
    this.#inHand = null;
  }

  tick(): void {
    this.#lastTickAt = Date.now();
    this.#fault = null;
  }

  fault(error: unknown): void {
    this.enter("waiting");
    this.#inHand = null;
    this.#fault = error instanceof Error ? error.message : String(error);
  }

  report(epoch: bigint, failures: number): LaneReport {
    return {
      lane: this.#lane,
      epoch: epoch.toString(),
      phase: this.#phase,
      since: this.#since,
      lastTickAt: this.#lastTickAt,
      inHand: this.#inHand,
      lastBatch: this.#lastBatch,
      failures,
      fault: this.#fault,
    };
  }
}
