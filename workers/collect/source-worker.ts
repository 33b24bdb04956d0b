import { backoffMs } from "../../server/domain/backoff.ts";
import type { CollectPhase, SourceReport } from "../../server/domain/collect-report.ts";
import { SurelayError } from "../../server/errors.ts";
import type { Submission } from "../../server/services/intake/judge-repeat.ts";
import { judgeRow, type RowContext, topicOf } from "../../server/services/outbox-sources/judge-row.ts";
import { type RowInHand, storeRows } from "../../server/services/outbox-sources/store-rows.ts";
import { openTable } from "../../server/sources/open-table.ts";
import type { OutboxTable, SourceRow } from "../../server/sources/outbox-table.ts";
import { SourceFault } from "../../server/sources/source-fault.ts";
import { readInHand, sampleSource, setSourceFault, WAITING_CAP } from "../../server/store/outbox-progress.ts";
import type { OutboxSourceRow } from "../../server/store/outbox-sources.ts";
import { listenFor } from "../runtime/listen.ts";
import { Wake } from "../runtime/loop.ts";
import type { CollectDeps } from "./collect-deps.ts";
import { RateMeter } from "./rate-meter.ts";
import { Refusals } from "./refusals.ts";
import { RefusedRows } from "./refused-rows.ts";
import { type SourceLease, SourceLost } from "./source-lease.ts";

const AGAIN = { firstMs: 100, factor: 2, maxMs: 10_000, jitter: 0.3 };
const PAUSED_LOOK_MS = 1000;
/** So long after its last row a source is looked at again and again instead of being waited for. */
const AWAKE_MS = 1000;
/** A batch up to this size is deleted while the next one is read; what is not deleted yet is read once more. */
const OVERLAP_MOST = 200;
const AWAKE_POLL_MS = 10;
/** What the trigger of the layout `surelay` notifies. */
const CHANNEL = "surelay_outbox";

/**
 * Collects one source from a lease to its end, batch after batch: read, store as messages with the mark that names the rows,
 * delete the rows. After any fault it knows nothing for certain: it reads the mark, deletes what it names, and begins anew,
 * for ever, with backoff.
 */
export class SourceWorker {
  readonly #deps: CollectDeps;
  readonly #lease: SourceLease;
  readonly #source: OutboxSourceRow;
  readonly #wake = new Wake();
  /** Ends a wait after a fault; new rows do not, for they do not mend it. */
  readonly #control = new Wake();
  readonly #rate = new RateMeter();
  readonly #status: Omit<SourceReport, "source" | "epoch">;
  #table: OutboxTable | undefined;
  readonly #refusals: Refusals;
  #paused: boolean;
  /** Rows of the next read; halved when a statement fails, so that a guilty row soon stands alone. */
  #limit: number;
  #sampleAt = 0;
  #awakeUntil = 0;
  /** Stored, and being deleted. */
  #removing: { refs: ReadonlySet<string>; done: Promise<void> } | undefined;
  #awake = false;
  #faultShown = false;
  #cleared = false;

  constructor(lease: SourceLease, source: OutboxSourceRow, deps: CollectDeps) {
    this.#lease = lease;
    this.#source = source;
    this.#deps = deps;
    this.#paused = source.pausedAt !== null;
    this.#limit = deps.settings.batch;
    this.#refusals = new Refusals(lease, source, deps);
    this.#status = {
      phase: "recovering",
      since: Date.now(),
      lastTickAt: null,
      lastBatch: null,
      failures: 0,
      fault: null,
    };
  }

  get isFailing(): boolean {
    return this.#status.failures > 0;
  }

  report(): SourceReport {
    return { source: this.#source.name, epoch: this.#lease.epoch.toString(), ...this.#status };
  }

  /** There may be something to do: new rows, an operator's wish. */
  wake(): void {
    this.#refusals.look();
    this.#wake.notify();
    this.#control.notify();
  }

  setPaused(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#wake.notify();
  }

  /** Until the signal aborts (then the source is given back, the batch in hand finished) or the lease is lost. */
  async run(signal: AbortSignal): Promise<void> {
    const { leases, log, metrics, addresses } = this.#deps;
    const { name, kind, connection } = this.#source;
    const listening = new AbortController();
    const url = addresses.get(connection);
    const listener =
      kind === "postgresql" && url
        ? listenFor(url, CHANNEL, () => this.#wake.notify(), { signal: listening.signal, log })
        : Promise.resolve();
    try {
      while (!signal.aborted) {
        try {
          await this.#recover();
          while (!signal.aborted) await this.#pass(signal);
          await this.#removed();
        } catch (error) {
          if (error instanceof SourceLost) {
            metrics.leaseLosses.inc();
            log.warn({ source: name }, "an outbox source has another owner now");
            return;
          }
          await this.#failed(error, signal);
        }
      }
      await leases.giveBack(this.#lease);
    } finally {
      leases.drop(this.#lease);
      listening.abort();
      await this.#closeTable();
      await listener;
      metrics.forget(name);
    }
  }

  /** What is stored already is deleted before anything is read. */
  async #recover(): Promise<void> {
    const { hot, addresses, log, metrics } = this.#deps;
    this.#enter("recovering");
    this.#lease.require();
    await this.#removed().catch(() => undefined); // the mark tells what is still to be deleted
    await this.#closeTable();
    const opened = openTable(this.#source, addresses.get(this.#source.connection), log);
    const table = this.#deps.wrapTable?.(opened) ?? opened;
    this.#table = table;
    await table.inspect();
    const inHand = await readInHand(hot, this.#lease);
    if (inHand === null) throw new SourceLost(this.#lease.sourceId);
    const found = await table.stillThere(inHand);
    await table.remove([...found]);
    metrics.foundStored.inc(found.size);
    await this.#refusals.begin();
    log.info(
      { source: this.#source.name, epoch: this.#lease.epoch.toString(), foundStored: found.size },
      "outbox source taken",
    );
  }

  async #pass(signal: AbortSignal): Promise<void> {
    this.#lease.require();
    await this.#sample();
    if (this.#paused) {
      this.#enter("paused");
      await this.#removed();
      await this.#succeeded();
      await this.#setAwake(false);
      return this.#wake.wait(PAUSED_LOOK_MS, signal);
    }
    await this.#refusals.heed(this.#table!);
    const started = performance.now();
    this.#enter("reading");
    if (this.#removing && this.#removing.refs.size > OVERLAP_MOST) await this.#removed();
    const rows = await this.#read();
    const collected = rows.length > 0 ? await this.#collect(rows, started) : 0;
    await this.#succeeded();
    if (collected > 0) {
      await this.#setAwake(true);
      return this.#keepPace(started, collected, signal);
    }
    this.#enter("idle");
    await this.#removed();
    await this.#rest(signal);
  }

  /** Lets rows gather after a small batch, so that a busy source becomes fewer and larger transactions behind it. */
  async #keepPace(started: number, collected: number, signal: AbortSignal): Promise<void> {
    const left = started + this.#deps.settings.paceMs - performance.now();
    if (left > 0 && collected < this.#limit / 2) await new Wake().wait(left, signal);
  }

  /** Goes on looking for a moment; then sleeps until it is woken, or until the poll is due. */
  async #rest(signal: AbortSignal): Promise<void> {
    const { pollMs } = this.#deps.settings;
    if (performance.now() < this.#awakeUntil) return this.#wake.wait(Math.min(pollMs, AWAKE_POLL_MS), signal);
    if (!this.#awake) return this.#wake.wait(pollMs, signal);
    await this.#setAwake(false); // and one more look: what was written until now woke nobody
  }

  async #setAwake(awake: boolean): Promise<void> {
    if (awake) this.#awakeUntil = performance.now() + AWAKE_MS;
    if (awake === this.#awake) return;
    await this.#table!.stayAwake(awake);
    this.#awake = awake;
  }

  async #read(): Promise<SourceRow[]> {
    const { settings, limits, metrics } = this.#deps;
    const unremoved = this.#removing?.refs;
    const rows = this.#limit + (unremoved?.size ?? 0);
    const read = await metrics.time("read", () =>
      this.#table!.read(
        { rows, bytes: settings.batchBytes, payloadBytes: limits.payloadBytes },
        this.#refusals.skipped(),
      ),
    );
    // Never "later than the last one": a row that became visible only now may be the older one of its key.
    const fresh = unremoved ? read.filter(({ ref }) => !unremoved.has(ref)) : read;
    return fresh.length > this.#limit ? fresh.slice(0, this.#limit) : fresh;
  }

  /** @returns rows that were stored and removed, or refused */
  async #collect(rows: readonly SourceRow[], started: number): Promise<number> {
    const verdicts = await this.#judge(rows);
    const errors = new Map<string, SurelayError>();
    for (const [ref, verdict] of verdicts) if (verdict instanceof SurelayError) errors.set(ref, verdict);
    // Again from the start when the store refuses one: what stands before it under its key must not wait for it.
    for (;;) {
      const { passing, refused } = RefusedRows.split(rows, ({ ref }) => errors.has(ref));
      const batch = passing.map(({ ref }) => ({ ref, submission: verdicts.get(ref) as Submission }));
      const more = batch.length > 0 ? await this.#store(batch) : null;
      if (more === "smaller") return rows.length;
      if (more === null) {
        if (batch.length > 0) this.#remove(batch, started);
        await this.#refusals.refuse(refused, errors);
        return batch.length + refused.length;
      }
      for (const { ref, error } of more) errors.set(ref, error);
    }
  }

  async #judge(rows: readonly SourceRow[]): Promise<Map<string, Submission | SurelayError>> {
    const { topics, limits, lanes } = this.#deps;
    const spec = this.#source;
    const names = new Set(rows.map((row) => topicOf(spec, row)));
    for (const topic of names) if (topics.peek(topic) === undefined) await topics.find(topic);
    const context: RowContext = {
      spec,
      appId: spec.appId,
      lanes,
      limits,
      nowMs: Date.now(),
      topicId: (name) => topics.peek(name),
    };
    return new Map(rows.map((row) => [row.ref, judgeRow(row, context)]));
  }

  /** @returns null: stored. Else nothing was: because of these rows, or of one that smaller batches will find */
  async #store(
    batch: readonly RowInHand[],
  ): Promise<null | "smaller" | { ref: string; error: SurelayError }[]> {
    const { hot, metrics, log, settings } = this.#deps;
    await this.#removed(); // at most one batch is stored and not deleted: the mark holds no more
    this.#enter("storing");
    this.#lease.require();
    try {
      const done = await metrics.time("store", () => storeRows(hot, this.#lease, batch));
      if (done.kind === "lost") throw new SourceLost(this.#lease.sourceId);
      if (done.kind === "refused") return done.rows;
      this.#limit = Math.min(settings.batch, this.#limit * 2);
      return null;
    } catch (error) {
      if (!isRowFault(error)) throw error;
      // The statement itself was found wrong: one row must be guilty.
      const [{ ref }] = batch as [RowInHand];
      this.#limit = Math.max(1, batch.length >> 1);
      if (batch.length > 1) return "smaller";
      log.error({ err: error, source: this.#source.name, ref }, "the store refused a row");
      return [{ ref, error: refusedByStore(error) }];
    }
  }

  /** Deletes what is stored; `#removed` waits for it. */
  #remove(batch: readonly RowInHand[], started: number): void {
    const { metrics } = this.#deps;
    const refs = batch.map(({ ref }) => ref);
    const remove = async () => {
      await metrics.time("remove", () => this.#table!.remove(refs));
      await this.#refusals.settle(refs);
      metrics.rows.inc({ source: this.#source.name }, refs.length);
      metrics.batchSize.observe(refs.length);
      const now = Date.now();
      this.#rate.add(refs.length, now);
      this.#status.lastBatch = { size: refs.length, ms: Math.round(performance.now() - started), at: now };
    };
    const done = remove();
    done.catch(() => undefined); // heard of by whoever waits for it
    this.#removing = { refs: new Set(refs), done };
  }

  async #removed(): Promise<void> {
    const removing = this.#removing;
    if (!removing) return;
    this.#enter("removing");
    await removing.done.finally(() => (this.#removing = undefined));
  }

  async #sample(): Promise<void> {
    const now = performance.now();
    if (now < this.#sampleAt) return;
    const { hot, metrics, settings } = this.#deps;
    this.#sampleAt = now + settings.sampleMs;
    const { waiting, oldestAt } = await this.#table!.look(WAITING_CAP);
    const rate = this.#rate.perSecond(Date.now());
    const source = this.#source.name;
    metrics.waiting.set({ source }, waiting);
    metrics.lag.set({ source }, oldestAt ? Math.max(0, (Date.now() - oldestAt.getTime()) / 1000) : 0);
    metrics.held.set({ source }, this.#refusals.size);
    if (!(await sampleSource(hot, this.#lease, { rate, waiting, oldestAt })))
      throw new SourceLost(this.#lease.sourceId);
  }

  async #succeeded(): Promise<void> {
    this.#status.lastTickAt = Date.now();
    this.#status.failures = 0;
    this.#status.fault = null;
    this.#deps.tick();
    if (!this.#faultShown && this.#cleared) return;
    await setSourceFault(this.#deps.hot, this.#lease, null);
    this.#faultShown = false;
    this.#cleared = true;
    this.#deps.metrics.faults.set({ source: this.#source.name }, 0);
  }

  async #failed(error: unknown, signal: AbortSignal): Promise<void> {
    const { hot, log, metrics } = this.#deps;
    const source = this.#source.name;
    const fault =
      error instanceof SourceFault
        ? { code: error.code, detail: error.message }
        : { code: "store", detail: error instanceof Error ? error.message : String(error) };
    this.#status.failures++;
    this.#status.fault = fault.detail;
    log.error(
      { err: error, source, failures: this.#status.failures },
      "an outbox source stands still, will be tried again",
    );
    metrics.faults.set({ source }, 1);
    this.#faultShown = true;
    await setSourceFault(hot, this.#lease, fault).catch(() => undefined); // the store itself may be what is away
    this.#enter("waiting");
    const wait = backoffMs(AGAIN, this.#status.failures, Math.random());
    await this.#control.wait(wait, signal);
  }

  #enter(phase: CollectPhase): void {
    if (phase === this.#status.phase) return;
    this.#status.phase = phase;
    this.#status.since = Date.now();
  }

  async #closeTable(): Promise<void> {
    const table = this.#table;
    this.#table = undefined;
    this.#awake = false;
    await table?.close().catch(() => undefined);
  }
}

/** Data the database cannot take (22, 23, 54), rather than a database that cannot serve. */
function isRowFault(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^(22|23|54)...$/.test(code);
}

function refusedByStore(error: unknown): SurelayError {
  const said = (error as Error).message ?? String(error);
  return new SurelayError("internal", `The store refuses this row: ${said}`);
}
