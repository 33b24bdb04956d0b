import type { Pool } from "../../server/db.ts";
import { decideCheck, type CheckResult } from "../../server/domain/decide-check.ts";
import type { Log } from "../../server/log.ts";
import type { GuardedAgents } from "../../server/outbound/guarded-agent.ts";
import { askProducer } from "../../server/services/check-back/ask-producer.ts";
import { buildCheckRequest } from "../../server/services/check-back/build-request.ts";
import {
  type CheckClaim,
  claimDueChecks,
  putBackChecks,
  readNextCheck,
} from "../../server/store/claim-checks.ts";
import { ClaimTurns, type Wanted } from "../runtime/claim-turns.ts";
import { FairQueue } from "../runtime/fair-queue.ts";
import type { Wake } from "../runtime/loop.ts";
import { AnswerWriter } from "./answer-writer.ts";
import { BreakerWatch } from "./breaker-watch.ts";
import type { ConfirmMetrics } from "./confirm-metrics.ts";
import type { AskableApp, Directory } from "./directory.ts";
import type { Job } from "./job.ts";

/** Beside the time-outs of two generations of checks: what a claim's lease leaves for writing answers down, ms. */
const LEASE_MARGIN_MS = 10_000;
/** Of it, what must be left when a check is sent. */
const WRITE_MARGIN_MS = 2000;
/** Answers not written down yet beyond which no more is claimed: the database is what is slow. */
const MOST_PENDING = 2000;
/** A look at what is locked by another replica is not repeated sooner, ms. */
const LEAST_WAIT_MS = 10;

export interface ConfirmerOptions {
  db: Pool;
  hot: Pool;
  log: Log;
  metrics: ConfirmMetrics;
  agents: GuardedAgents;
  directory: Directory;
  /** Notified when there may be something to claim. */
  wake: Wake;
  /** SURELAY_CHECK_CONCURRENCY. */
  concurrency: number;
  /** SURELAY_CHECK_POLL_MS. */
  pollMs: number;
}

/**
 * Claims prepared messages whose check time has come, asks their producers and writes down what they say. Any number of
 * replicas share the work: each message is asked about by the one that claimed it, once per step of its schedule.
 */
export class Confirmer {
  readonly #options: ConfirmerOptions;
  readonly #queue: FairQueue<Job>;
  readonly #writer: AnswerWriter;
  readonly #breakers: BreakerWatch;
  readonly #turns = new ClaimTurns<AskableApp>();
  #alarm: NodeJS.Timeout | undefined;
  #asked = 0;

  constructor(options: ConfirmerOptions) {
    this.#options = options;
    this.#queue = new FairQueue({
      most: options.concurrency,
      run: (job) => this.#ask(job),
      lineOf: (job) => job.app.id,
      roomOf: (job) => job.app.policy.concurrency,
    });
    this.#writer = new AnswerWriter(options);
    this.#breakers = new BreakerWatch({ ...options, onMove: (appId) => this.#onMove(appId) });
  }

  /** What is shown beside the heartbeat. */
  report(): object {
    return {
      asking: this.#queue.running,
      waiting: this.#queue.waiting,
      asked: this.#asked,
      openBreakers: this.#openApps().map((app) => app.name),
    };
  }

  /** One look: claims what there is room for. @returns whether to look again at once */
  async runOnce(): Promise<boolean> {
    clearTimeout(this.#alarm);
    const apps = await this.#options.directory.read();
    this.#options.metrics.openBreakers.set(this.#openApps().length);
    for (const app of apps) await this.#probeIfDue(app);
    const closed = apps.filter((app) => app.breaker.state === "closed" && !this.#breakers.isOpening(app.id));
    const wishes = this.#wishes(closed);
    if (wishes.length > 0) await this.#claim(wishes);
    // Only after a claim: a look that could claim nothing would be repeated without ever letting an answer in.
    const more =
      wishes.length > 0 && closed.some((app) => this.#turns.isHungry(app.id) && this.#hasRoom(app));
    if (!more) await this.#setAlarm(apps, closed);
    return more;
  }

  /** Gives back what has not been asked about. Checks under way go on. */
  async giveBack(appId?: number): Promise<void> {
    const jobs = this.#queue.takeWaiting(appId);
    await this.#putBack(jobs.map((job) => job.claim));
    for (const { app, probe } of jobs) if (probe !== null) await this.#breakers.giveProbeBack(app, probe);
  }

  /** Finishes checks under way, writes their answers down. */
  async stop(): Promise<void> {
    clearTimeout(this.#alarm);
    await this.giveBack().catch((err: unknown) =>
      this.#options.log.warn({ err }, "claims could not be given back"),
    );
    await this.#queue.whenIdle();
    await this.#writer.whenIdle();
    await this.#breakers.whenIdle();
    clearTimeout(this.#alarm);
  }

  #wishes(apps: readonly AskableApp[]): Wanted<AskableApp>[] {
    if (this.#writer.pending > MOST_PENDING) return [];
    const budget = 2 * this.#options.concurrency - this.#queue.running - this.#queue.waiting;
    return this.#turns.choose(apps, budget, (app) =>
      this.#hasRoom(app) ? 2 * app.policy.concurrency - this.#queue.inHand(app.id) : 0,
    );
  }

  /** A generation of checks under way and one waiting; claimed anew when the waiting one has begun. */
  #hasRoom(app: AskableApp): boolean {
    return this.#queue.inHand(app.id) <= app.policy.concurrency;
  }

  async #claim(wishes: readonly Wanted<AskableApp>[]): Promise<void> {
    const claimedAt = performance.now();
    const claims = await claimDueChecks(
      this.#options.hot,
      wishes.map(({ target, wanted }) => ({ appId: target.id, wanted, leaseMs: leaseMsOf(target) })),
    );
    const byApp = new Map(wishes.map(({ target }) => [target.id, target]));
    for (const { lateMs } of claims) this.#options.metrics.late.observe(Math.max(0, lateMs) / 1000);
    this.#turns.note(
      wishes,
      claims.map((claim) => claim.appId),
    );
    this.#queue.add(claims.map((claim) => jobOf(claim, byApp.get(claim.appId)!, claimedAt, null)));
  }

  async #probeIfDue(app: AskableApp): Promise<void> {
    if (app.probeAt === null || app.probeAt > performance.now()) return;
    const leaseMs = leaseMsOf(app);
    const version = await this.#breakers.takeProbe(app, leaseMs);
    if (version === null) return;
    this.#options.directory.doubt();
    const claimedAt = performance.now();
    const [claim] = await claimDueChecks(this.#options.hot, [{ appId: app.id, wanted: 1, leaseMs }]);
    if (!claim) return this.#breakers.giveProbeBack(app, version);
    this.#queue.add([jobOf(claim, app, claimedAt, version)]);
  }

  async #ask(job: Job): Promise<void> {
    const { metrics, agents, log, wake } = this.#options;
    const { app, claim } = job;
    const sentAt = performance.now();
    try {
      if (sentAt > job.sendBefore) {
        // Suspended, or far behind: the message may be somebody else's by the time of the answer.
        metrics.lapsed.inc();
        await this.#putBack([claim]);
        return;
      }
      metrics.asking.set(this.#queue.running);
      metrics.waiting.set(this.#queue.waiting);
      const { result, status, body, bodyCut, durationMs } = await askProducer(agents, {
        url: app.checkUrl,
        request: buildCheckRequest(claim, claim.checks + 1),
        secrets: app.secrets,
        timeoutMs: app.policy.timeoutSeconds * 1000,
      });
      this.#count(result, durationMs);
      const decision = decideCheck(app.policy, claim.checks, result, Math.random());
      const answer = result.sent
        ? {
            url: app.checkUrl,
            outcome: result.outcome,
            error: result.error,
            detail: result.detail,
            status,
            body,
            bodyCut,
            durationMs,
          }
        : null;
      this.#breakers.note(job, result);
      this.#writer.add({ claim, decision, answer, sentAt });
    } catch (err) {
      log.error(
        { err, messageId: claim.id },
        "a check-back failed; the message is asked about when its lease ends",
      );
    } finally {
      metrics.asking.set(this.#queue.running - 1);
      if (this.#turns.isHungry(app.id) && this.#hasRoom(app)) wake.notify();
    }
  }

  #count(result: CheckResult, durationMs: number): void {
    const { metrics } = this.#options;
    if (!result.sent) return metrics.unsent.inc({ error: result.error });
    this.#asked++;
    metrics.sent.inc({ outcome: result.outcome });
    metrics.askedIn(durationMs);
  }

  #onMove(appId: number | null): void {
    const { directory, wake, log } = this.#options;
    directory.doubt();
    if (appId !== null)
      this.giveBack(appId).catch((err: unknown) =>
        log.warn({ err, appId }, "claims could not be given back"),
      );
    wake.notify();
  }

  async #putBack(claims: readonly CheckClaim[]): Promise<void> {
    if (claims.length > 0) await putBackChecks(this.#options.hot, claims, 0);
  }

  #openApps(): AskableApp[] {
    return this.#options.directory.known.filter((app) => app.breaker.state !== "closed");
  }

  /** Wakes the loop when the next check or probe is due, if that is sooner than its poll. */
  async #setAlarm(apps: readonly AskableApp[], closed: readonly AskableApp[]): Promise<void> {
    const { hot, wake, pollMs } = this.#options;
    const idle = closed.filter((app) => this.#hasRoom(app)).map((app) => app.id);
    const next = idle.length === 0 ? null : await readNextCheck(hot, idle);
    const now = performance.now();
    const probes = apps.flatMap(({ probeAt }) => (probeAt !== null && probeAt > now ? [probeAt - now] : []));
    const inMs = Math.min(next ?? Infinity, ...probes);
    if (inMs >= pollMs) return;
    this.#alarm = setTimeout(() => wake.notify(), Math.max(LEAST_WAIT_MS, Math.ceil(inMs) + 1));
  }
}

/** For as long as a claim is the claimer's: a generation before it, its own time-out, and writing the answer down. */
function leaseMsOf({ policy }: AskableApp): number {
  return 2 * policy.timeoutSeconds * 1000 + LEASE_MARGIN_MS;
}

function jobOf(claim: CheckClaim, app: AskableApp, claimedAt: number, probe: bigint | null): Job {
  const sendBefore = claimedAt + leaseMsOf(app) - app.policy.timeoutSeconds * 1000 - WRITE_MARGIN_MS;
  return { claim, app, sendBefore, probe };
}
