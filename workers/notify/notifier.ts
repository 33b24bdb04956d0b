import type { Pool } from "../../server/db.ts";
import { decideWebhook } from "../../server/domain/decide-webhook.ts";
import type { Log } from "../../server/log.ts";
import type { GuardedAgents } from "../../server/outbound/guarded-agent.ts";
import { callWebhook } from "../../server/services/webhooks/call-webhook.ts";
import {
  claimDueWebhooks,
  putBackWebhooks,
  readNextWebhook,
  type WebhookClaim,
} from "../../server/store/claim-webhooks.ts";
import { ClaimTurns, type Wanted } from "../runtime/claim-turns.ts";
import { FairQueue } from "../runtime/fair-queue.ts";
import type { Wake } from "../runtime/loop.ts";
import { EndpointPace } from "./endpoint-pace.ts";
import { EndpointWatch } from "./endpoint-watch.ts";
import { type CallableEndpoint, type Endpoints, isOpen, nameOf } from "./endpoints.ts";
import { type Job, jobOf, leaseMsOf } from "./job.ts";
import type { NotifyMetrics } from "./notify-metrics.ts";
import { OutcomeWriter } from "./outcome-writer.ts";

/** Outcomes not written down yet beyond which no more is claimed: the database is what is slow. */
const MOST_PENDING = 2000;
/** A look at what is locked by another replica is not repeated sooner, ms. */
const LEAST_WAIT_MS = 10;
/** Nor a look at what its rate holds back. */
const RATED_WAIT_MS = 100;

export interface NotifierOptions {
  db: Pool;
  hot: Pool;
  log: Log;
  metrics: NotifyMetrics;
  agents: GuardedAgents;
  endpoints: Endpoints;
  /** Notified when there may be something to claim. */
  wake: Wake;
  /** SURELAY_NOTIFY_CONCURRENCY. */
  concurrency: number;
  /** SURELAY_NOTIFY_POLL_MS. */
  pollMs: number;
  /** SURELAY_WEBHOOK_DISABLE_AFTER_SECONDS. */
  disableAfterSeconds: number;
}

/**
 * Claims deliveries of webhook subscriptions that are due, calls their receivers and writes down what came back. Any number
 * of replicas share the work: each delivery is called by the one that claimed it, once per step of its schedule.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #queue: FairQueue<Job>;
  readonly #writer: OutcomeWriter;
  readonly #turns = new ClaimTurns<CallableEndpoint>();
  readonly #pace = new EndpointPace();
  /**
   * Jobs of endpoints that nobody answers at, waiting or under way: together at most half of all calls. More of them in hand
   * would wait for a slot, and take the room of what others could be called with.
   */
  readonly #suspects = new Set<Job>();
  /** Subscriptions that the relay has named since the last look; a look at all of them is made with every poll. */
  readonly #named = new Set<number>();
  #lookAtAll = true;
  #lookedAtAll = -Infinity;
  #alarm: NodeJS.Timeout | undefined;
  /** By `performance.now()`. */
  #alarmAt = Infinity;
  #called = 0;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#queue = new FairQueue({
      most: options.concurrency,
      run: (job) => this.#call(job),
      lineOf: ({ endpoint }) => endpoint.id,
      roomOf: ({ endpoint: { id, concurrency } }) => (this.#pace.isSuspect(id) ? 1 : concurrency),
    });
    const watch = new EndpointWatch({ ...options, onMove: (id) => this.#onMove(id) });
    this.#writer = new OutcomeWriter({ ...options, watch, onRetry: (inMs) => this.#wakeIn(inMs) });
  }

  /** What is shown beside the heartbeat. */
  report(): object {
    const { known } = this.#options.endpoints;
    return {
      calling: this.#queue.running,
      waiting: this.#queue.waiting,
      called: this.#called,
      unreached: known.filter(({ id }) => this.#pace.isSuspect(id)).map(nameOf),
      disabled: known.filter(({ disabledAt }) => disabledAt !== null).map(nameOf),
    };
  }

  /** There may be something to claim. @param ids of subscriptions that have new deliveries; null: of any */
  notice(ids: readonly number[] | null): void {
    if (ids === null) {
      this.#options.endpoints.doubt();
      this.#lookAtAll = true;
    } else ids.forEach((id) => this.#named.add(id));
    this.#options.wake.notify();
  }

  /** One look: claims what there is room for. @returns whether to look again at once */
  async runOnce(): Promise<boolean> {
    const { endpoints, metrics, pollMs } = this.#options;
    const all = await endpoints.read();
    metrics.disabledEndpoints.set(all.filter(({ disabledAt }) => disabledAt !== null).length);
    const open = all.filter(isOpen);
    await this.#giveBackClosed(open);
    const now = performance.now();
    const full = this.#lookAtAll || now - this.#lookedAtAll >= pollMs;
    const named = new Set(this.#named);
    this.#named.clear();
    if (full) {
      this.#lookAtAll = false;
      this.#lookedAtAll = now;
      this.#silence();
    }
    const targets = full ? open : open.filter(({ id }) => named.has(id) || this.#turns.isHungry(id));
    // What is in the way of a look now is looked at when there is room.
    for (const one of targets) if (this.#hasNoRoom(one)) this.#named.add(one.id);
    const budget = this.#budget();
    const suspects = targets.filter(({ id }) => this.#pace.isSuspect(id));
    const others = targets.filter(({ id }) => !this.#pace.isSuspect(id));
    const chosen = this.#turns.choose(others, budget, (endpoint) => this.#wantedOf(endpoint, now));
    await this.#claimOthers(chosen, now);
    await this.#claimSuspects(suspects, now);
    if (chosen.reduce((sum, { wanted }) => sum + wanted, 0) >= budget) this.#lookAtAll = true;
    // Only after a claim: a look that could claim nothing would be repeated without ever letting an answer in.
    const more =
      chosen.length > 0 &&
      this.#budget() > 0 &&
      targets.some((one) => this.#turns.isHungry(one.id) && this.#wantedOf(one, now) > 0);
    if (!more) await this.#setAlarm(targets);
    return more;
  }

  /** Gives back what has not been called yet. Calls under way go on. */
  async giveBack(id?: number): Promise<void> {
    const jobs = this.#queue.takeWaiting(id);
    for (const job of jobs) this.#suspects.delete(job);
    await this.#putBack(jobs.map(({ claim }) => claim));
  }

  /** Finishes calls under way, writes down what came back. */
  async stop(): Promise<void> {
    this.#silence();
    await this.giveBack().catch((err: unknown) =>
      this.#options.log.warn({ err }, "claims could not be given back"),
    );
    await this.#queue.whenIdle();
    await this.#writer.whenIdle();
    this.#silence();
  }

  /** How much may be claimed: nothing rather than a little, for a claim costs about the same. */
  #budget(): number {
    const { concurrency } = this.#options;
    if (this.#writer.pending > MOST_PENDING) return 0;
    const budget = 2 * concurrency - this.#queue.running - this.#queue.waiting;
    return budget >= concurrency / 4 ? budget : 0;
  }

  /** A generation of calls under way and one waiting; claimed anew when the waiting one has begun. */
  #wantedOf(endpoint: CallableEndpoint, now: number): number {
    if (this.#pace.restMs(endpoint.id, now) > 0) return 0;
    const inHand = this.#queue.inHand(endpoint.id);
    if (this.#pace.isSuspect(endpoint.id)) return inHand === 0 && this.#suspectRoom() > 0 ? 1 : 0;
    return inHand <= endpoint.concurrency ? 2 * endpoint.concurrency - inHand : 0;
  }

  /** Whether a look left something where it was that there is room for now. */
  #leftSomething(endpoint: CallableEndpoint): boolean {
    if (this.#budget() === 0) return false;
    const waits = this.#named.has(endpoint.id) || this.#turns.isHungry(endpoint.id);
    return this.#lookAtAll || (waits && this.#wantedOf(endpoint, performance.now()) > 0);
  }

  #hasNoRoom({ id, concurrency }: CallableEndpoint): boolean {
    return this.#queue.inHand(id) > concurrency;
  }

  /** How many more jobs of suspects may be in hand. */
  #suspectRoom(): number {
    return Math.max(1, Math.floor(this.#options.concurrency / 2)) - this.#suspects.size;
  }

  async #claimOthers(chosen: readonly Wanted<CallableEndpoint>[], now: number): Promise<void> {
    if (chosen.length === 0) return;
    const jobs = await this.#claim(chosen, null, now);
    // Whoever became suspect meanwhile has had what waited for it given back.
    this.#queue.add(jobs.filter(({ endpoint }) => !this.#pace.isSuspect(endpoint.id)));
    await this.#putBack(
      jobs.filter(({ endpoint }) => this.#pace.isSuspect(endpoint.id)).map(({ claim }) => claim),
    );
  }

  /** Beyond the budget: where the others are always busy, one that is back would else never be found. */
  async #claimSuspects(suspects: readonly CallableEndpoint[], now: number): Promise<void> {
    if (this.#writer.pending > MOST_PENDING) return;
    const chosen = suspects
      .filter((endpoint) => this.#wantedOf(endpoint, now) > 0)
      .map((target) => ({ target, wanted: 1 }));
    if (chosen.length === 0) return;
    const jobs = await this.#claim(chosen, this.#suspectRoom(), now);
    for (const job of jobs) this.#suspects.add(job);
    this.#queue.add(jobs);
  }

  /** @param most altogether; null: all that is wanted */
  async #claim(
    chosen: readonly Wanted<CallableEndpoint>[],
    most: number | null,
    claimedAt: number,
  ): Promise<Job[]> {
    const claims = await claimDueWebhooks(
      this.#options.hot,
      chosen.map(({ target, wanted }) => ({
        subscriptionId: target.id,
        wanted,
        leaseMs: leaseMsOf(target),
        ratePerSecond: target.ratePerSecond,
      })),
      most,
    );
    const byId = new Map(chosen.map(({ target }) => [target.id, target]));
    for (const { lateMs } of claims) this.#options.metrics.late.observe(Math.max(0, lateMs) / 1000);
    this.#turns.note(
      chosen,
      claims.map((claim) => claim.subscriptionId),
    );
    return claims.map((claim) => jobOf(claim, byId.get(claim.subscriptionId)!, claimedAt));
  }

  async #call(job: Job): Promise<void> {
    const { metrics, agents, log } = this.#options;
    const { endpoint, claim } = job;
    const calledAt = performance.now();
    try {
      if (calledAt > job.sendBefore) {
        // Suspended, or far behind: the delivery may be somebody else's by the time of the answer.
        metrics.lapsed.inc();
        await this.#putBack([claim]);
        return;
      }
      metrics.calling.set(this.#queue.running);
      metrics.waiting.set(this.#queue.waiting);
      const exchange = await callWebhook(agents, {
        ...endpoint,
        message: { ...claim, id: claim.messageId },
        app: claim.app,
        attempt: claim.attempt,
        payload: claim.payload,
        timeoutMs: endpoint.timeoutSeconds * 1000,
      });
      const { result } = exchange;
      this.#called++;
      metrics.calls.inc({ outcome: result.kind === "accepted" ? result.kind : result.type });
      metrics.calledIn(exchange.durationMs);
      const decision = decideWebhook(endpoint.policy, claim.made, result, Math.random());
      this.#writer.add({ job, exchange, decision, calledAt });
      // What waits behind it would wait for longer than it is ours.
      if (this.#pace.note(endpoint.id, result, performance.now(), Math.random()))
        await this.giveBack(endpoint.id);
    } catch (err) {
      log.error(
        { err, messageId: claim.messageId },
        "a call failed; its receiver is called when the lease ends",
      );
    } finally {
      this.#suspects.delete(job);
      metrics.calling.set(this.#queue.running - 1);
      if (this.#leftSomething(endpoint)) this.#options.wake.notify();
    }
  }

  /** What was claimed for endpoints that are paused, disabled or removed by now. */
  async #giveBackClosed(open: readonly CallableEndpoint[]): Promise<void> {
    const ids = new Set(open.map(({ id }) => id));
    this.#pace.keepOnly(ids);
    for (const line of this.#queue.lines()) if (!ids.has(line)) await this.giveBack(line);
  }

  #onMove(id: number | null): void {
    if (id !== null)
      this.giveBack(id).catch((err: unknown) =>
        this.#options.log.warn({ err }, "claims could not be given back"),
      );
    this.notice(null);
  }

  async #putBack(claims: readonly WebhookClaim[]): Promise<void> {
    if (claims.length > 0) await putBackWebhooks(this.#options.hot, claims);
  }

  /** Wakes the loop when the next call is due or an endpoint has rested. */
  async #setAlarm(of: readonly CallableEndpoint[]): Promise<void> {
    const now = performance.now();
    for (const { id } of of) {
      const restMs = this.#pace.restMs(id, now);
      if (restMs > 0) this.#wakeIn(restMs);
    }
    if (this.#budget() === 0) return;
    const idle = of.filter((endpoint) => this.#wantedOf(endpoint, now) > 0);
    const [rated, others] = [true, false].map((rated) =>
      idle.filter(({ ratePerSecond }) => (ratePerSecond !== null) === rated),
    ) as [CallableEndpoint[], CallableEndpoint[]];
    await this.#wakeAtNext(others, LEAST_WAIT_MS);
    await this.#wakeAtNext(rated, RATED_WAIT_MS);
  }

  async #wakeAtNext(of: readonly CallableEndpoint[], leastMs: number): Promise<void> {
    if (of.length === 0) return;
    const inMs = await readNextWebhook(
      this.#options.hot,
      of.map(({ id }) => id),
    );
    if (inMs !== null) this.#wakeIn(Math.max(leastMs, inMs));
  }

  /** The earliest alarm counts; one that is later than the next poll is none. */
  #wakeIn(ms: number): void {
    const { pollMs, wake } = this.#options;
    const inMs = Math.max(LEAST_WAIT_MS, Math.ceil(ms) + 1);
    const at = performance.now() + inMs;
    if (inMs >= pollMs || at >= this.#alarmAt) return;
    clearTimeout(this.#alarm);
    this.#alarmAt = at;
    this.#alarm = setTimeout(() => {
      this.#alarmAt = Infinity;
      this.#lookAtAll = true;
      wake.notify();
    }, inMs);
  }

  #silence(): void {
    clearTimeout(this.#alarm);
    this.#alarmAt = Infinity;
  }
}
