import type { Pool } from "../../server/db.ts";
import {
  decideValve,
  nextTokenMs,
  redeliveryBudget,
  type ValveMove,
  type ValveSituation,
} from "../../server/domain/redelivery-valve.ts";
import type { Log } from "../../server/log.ts";
import { queueRedeliveries } from "../../server/store/queue-redeliveries.ts";
import { readRecoverySchedule, type RecoverySubscription } from "../../server/store/recovery-schedule.ts";
import {
  makeValves,
  moveValve,
  readLastFailure,
  readValves,
  type ValveRow,
} from "../../server/store/redelivery-valves.ts";
import { timeOutDeliveries } from "../../server/store/time-out-deliveries.ts";
import type { Wake } from "../runtime/loop.ts";
import type { RecoverMetrics } from "./recover-metrics.ts";

/** Most deliveries of one statement. */
const AT_ONCE = 500;
/** While a cap or a probe is waited for, nothing says when it frees: looked at again after this, ms. */
const LOOK_AGAIN_MS = 200;
const LEAST_WAIT_MS = 5;

export interface RecovererOptions {
  /** Pinned plans. */
  hot: Pool;
  log: Log;
  metrics: RecoverMetrics;
  /** Notified when there may be something to do. */
  wake: Wake;
}

/**
 * Deadlines and redeliveries of explicit subscriptions. Any number of replicas share the work: a deadline is missed in the
 * one statement that finds it, redeliveries are given out by whoever gets hold of the subscription's valve.
 */
export class Recoverer {
  readonly #options: RecovererOptions;
  #heldBack: string[] = [];
  #timedOut = 0;
  #redelivered = 0;
  #alarm: NodeJS.Timeout | undefined;

  constructor(options: RecovererOptions) {
    this.#options = options;
  }

  /** What is shown beside the heartbeat. */
  report(): { timedOut: number; redelivered: number; heldBack: string[] } {
    return { timedOut: this.#timedOut, redelivered: this.#redelivered, heldBack: this.#heldBack };
  }

  /** One look. @returns whether to look again at once */
  async runOnce(): Promise<boolean> {
    clearTimeout(this.#alarm);
    const { hot, metrics } = this.#options;
    const subscriptions = await readRecoverySchedule(hot);
    let more = await this.#timeOut(subscriptions.filter((s) => isDue(s.deadlineInMs)));
    const waits: (number | null)[] = subscriptions.flatMap((s) =>
      [s.deadlineInMs, s.paused ? null : s.redeliveryInMs].filter((inMs) => !isDue(inMs)),
    );
    const looked = subscriptions.filter(
      (s) => !s.paused && (isDue(s.redeliveryInMs) || isHeldBack(s.valveState)),
    );
    for (const [subscription, valve] of await this.#valvesOf(looked)) {
      const pass = await this.#give(subscription, valve);
      if (pass === "more") more = true;
      else waits.push(pass);
    }
    this.#heldBack = subscriptions.filter((s) => isHeldBack(s.valveState)).map((s) => `${s.topic}/${s.name}`);
    metrics.heldBack.set(this.#heldBack.length);
    if (!more) this.#setAlarm(waits);
    return more;
  }

  stop(): void {
    clearTimeout(this.#alarm);
  }

  async #timeOut(due: readonly RecoverySubscription[]): Promise<boolean> {
    if (due.length === 0) return false;
    const { hot, metrics, log } = this.#options;
    const limit = Math.ceil(AT_ONCE / due.length);
    const { waiting, dead, putOff } = await timeOutDeliveries(
      hot,
      due.map((s) => s.id),
      limit,
    );
    metrics.timedOut.inc({ to: "WAITING" }, waiting);
    metrics.timedOut.inc({ to: "DEAD" }, dead);
    metrics.putOff.inc(putOff);
    this.#timedOut += waiting + dead;
    if (waiting + dead > 0) log.debug({ waiting, dead }, "deliveries were not acknowledged in time");
    return waiting + dead + putOff > 0;
  }

  async #valvesOf(
    looked: readonly RecoverySubscription[],
  ): Promise<(readonly [RecoverySubscription, ValveRow])[]> {
    if (looked.length === 0) return [];
    const { hot } = this.#options;
    const without = looked.filter((s) => s.valveState === null).map((s) => s.id);
    if (without.length > 0) await makeValves(hot, without);
    const valves = await readValves(
      hot,
      looked.map((s) => s.id),
    );
    const byId = new Map(valves.map((valve) => [valve.subscriptionId, valve]));
    return looked.flatMap((s) => {
      const valve = byId.get(s.id);
      return valve ? [[s, valve] as const] : [];
    });
  }

  /** Moves the valve or gives redeliveries out. @returns in how many ms to look again; null: nothing says when */
  async #give(subscription: RecoverySubscription, valve: ValveRow): Promise<number | null | "more"> {
    const due = isDue(subscription.redeliveryInMs);
    const situation: ValveSituation = {
      valve,
      outcomes: valve.outcomes,
      due,
      inFlight: valve.inFlight,
      ackTimeoutMs: subscription.ackTimeoutSeconds * 1000,
    };
    const move = decideValve(situation, Math.random());
    if (move === null) return this.#flow(subscription, valve, due);
    if (move.to === "probing") return this.#probe(subscription, valve, move);
    await this.#move(subscription, valve, move);
    return move.to === "open" ? "more" : move.heldMs;
  }

  async #flow(
    subscription: RecoverySubscription,
    valve: ValveRow,
    due: boolean,
  ): Promise<number | null | "more"> {
    if (valve.state === "throttled")
      return due && (valve.probeInMs ?? 0) > 0 ? valve.probeInMs : LOOK_AGAIN_MS;
    if (valve.state !== "open") return LOOK_AGAIN_MS;
    if (!due) return null;
    const budget = { ...subscription, ...valve, batch: AT_ONCE };
    const limit = redeliveryBudget(budget);
    if (limit === 0) return nextTokenMs(budget) || LOOK_AGAIN_MS;
    // Looked at once more after the last one, too: it tells when the next is due.
    return (await this.#queue(subscription, valve, limit, null)) > 0 ? "more" : LOOK_AGAIN_MS;
  }

  async #probe(
    subscription: RecoverySubscription,
    valve: ValveRow,
    move: ValveMove & { to: "probing" },
  ): Promise<number> {
    const limit = Math.min(move.probes, subscription.maxInFlight - valve.inFlight);
    if (limit <= 0) return LOOK_AGAIN_MS;
    const queued = await this.#queue(subscription, valve, limit, { waitMs: move.waitMs });
    if (queued > 0) {
      this.#options.metrics.valveMoves.inc({ to: "probing" });
      this.#options.log.info(
        { subscription: nameOf(subscription), queued },
        "a few redeliveries are given out to see whether they succeed",
      );
    }
    return LOOK_AGAIN_MS;
  }

  async #queue(
    subscription: RecoverySubscription,
    valve: ValveRow,
    limit: number,
    probe: { waitMs: number } | null,
  ): Promise<number> {
    const { hot, metrics, log } = this.#options;
    const { queued, dead } = await queueRedeliveries(hot, {
      subscriptionId: subscription.id,
      version: valve.version,
      limit,
      probe,
    });
    metrics.redeliveries.inc(queued);
    metrics.usedUp.inc(dead);
    this.#redelivered += queued;
    if (queued > 0) {
      metrics.late.observe(Math.max(0, -(subscription.redeliveryInMs ?? 0)) / 1000);
      log.debug({ subscription: nameOf(subscription), queued }, "redeliveries are queued");
    }
    return queued + dead;
  }

  async #move(
    subscription: RecoverySubscription,
    valve: ValveRow,
    move: ValveMove & { to: "open" | "throttled" },
  ): Promise<void> {
    const { hot, metrics, log } = this.#options;
    const moved =
      move.to === "open"
        ? await moveValve(hot, valve, move)
        : await moveValve(hot, valve, { ...move, lastError: await readLastFailure(hot, subscription.id) });
    if (!moved) return;
    metrics.valveMoves.inc({ to: move.to });
    const about = { subscription: nameOf(subscription), ...valve.outcomes };
    if (move.to === "open") log.info(about, "redeliveries flow again");
    else
      log.warn(
        { ...about, heldMs: move.heldMs },
        "most deliveries of a subscription fail: its redeliveries are held back",
      );
  }

  /** Wakes the loop when something is due, if that is sooner than its poll. */
  #setAlarm(waits: readonly (number | null)[]): void {
    const known = waits.filter((ms) => ms !== null);
    if (known.length === 0) return;
    const inMs = Math.max(LEAST_WAIT_MS, Math.ceil(Math.min(...known)) + 1);
    this.#alarm = setTimeout(() => this.#options.wake.notify(), inMs);
  }
}

const isDue = (inMs: number | null): boolean => inMs !== null && inMs <= 0;
const isHeldBack = (state: string | null): boolean => state === "throttled" || state === "probing";
const nameOf = (s: RecoverySubscription): string => `${s.topic}/${s.name}`;
