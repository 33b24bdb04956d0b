import type { SurelayError } from "../../server/errors.ts";
import { topicOf } from "../../server/services/outbox-sources/judge-row.ts";
import type { OutboxTable, Skipped, SourceRow } from "../../server/sources/outbox-table.ts";
import { SourceFault } from "../../server/sources/source-fault.ts";
import {
  forgetOutboxFailures,
  listOutboxFailures,
  recordOutboxFailures,
} from "../../server/store/outbox-failures.ts";
import type { OutboxSourceRow } from "../../server/store/outbox-sources.ts";
import type { CollectDeps } from "./collect-deps.ts";
import { RefusedRows } from "./refused-rows.ts";
import { type SourceLease, SourceLost } from "./source-lease.ts";

/** Beyond so many refused rows a source stands still: each read has to go round all of them, and something is wrong at large. */
const MOST_REFUSED = 1000;
/** Operators' wishes are looked for at least so often while there are refused rows. */
const WISH_LOOK_MS = 1000;

/** The refused rows of one source: written down for people, gone round by reads, tried again, thrown away on demand. */
export class Refusals {
  readonly #lease: SourceLease;
  readonly #source: OutboxSourceRow;
  readonly #deps: Pick<CollectDeps, "db" | "log" | "metrics" | "settings">;
  #rows = new RefusedRows();
  #retryAt = 0;
  #wishAt = 0;

  constructor(
    lease: SourceLease,
    source: OutboxSourceRow,
    deps: Pick<CollectDeps, "db" | "log" | "metrics" | "settings">,
  ) {
    this.#lease = lease;
    this.#source = source;
    this.#deps = deps;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Under a lease just taken, or after a fault: what was refused before is judged anew with the first read. */
  async begin(): Promise<void> {
    this.#rows = new RefusedRows();
    this.#rows.retry((await this.#known()).map(({ ref }) => ref));
    this.#retryAt = performance.now() + this.#deps.settings.retryMs;
    this.#wishAt = 0;
  }

  /** An operator may have said something. */
  look(): void {
    this.#wishAt = 0;
  }

  /** What a read goes round. @throws SourceFault `too_many_refused` */
  skipped(): Skipped {
    if (this.#rows.size > MOST_REFUSED)
      throw new SourceFault(
        "too_many_refused",
        `${this.#rows.size} rows are refused; beyond ${MOST_REFUSED} nothing more is read. Mend the reason, or discard them.`,
      );
    return this.#rows.skipped();
  }

  /** Puts rows aside, visibly; what follows them under their key waits with them. @throws SourceLost */
  async refuse(refused: readonly SourceRow[], errors: ReadonlyMap<string, SurelayError>): Promise<void> {
    if (refused.length === 0) return;
    const { db, log, metrics } = this.#deps;
    const source = this.#source.name;
    const held = await recordOutboxFailures(
      db,
      this.#lease,
      refused.map((row) => {
        const { code, message } = errors.get(row.ref)!;
        const topic = printable(topicOf(this.#source, row));
        const messageId = printable(row.id);
        return { ref: row.ref, messageId, topic, key: printable(row.key), code, detail: message };
      }),
    );
    if (!held) throw new SourceLost(this.#lease.sourceId);
    for (const row of refused) {
      this.#rows.refuse(row);
      const { code, message } = errors.get(row.ref)!;
      metrics.refused.inc({ source, code });
      log.warn({ source, ref: row.ref, code }, message);
    }
  }

  /** Rows that were stored: those that had been refused before are forgotten here. */
  async settle(refs: readonly string[]): Promise<void> {
    const healed = this.#rows.settle(refs);
    if (healed.length > 0) await forgetOutboxFailures(this.#deps.db, this.#lease, healed);
  }

  /** Tries refused rows again when it is time or an operator says so, and throws away what one wants thrown away. */
  async heed(table: OutboxTable): Promise<void> {
    const now = performance.now();
    if (this.#rows.size === 0 || now < this.#wishAt) return;
    this.#wishAt = now + WISH_LOOK_MS;
    const known = await this.#known();
    const discard = known.filter(({ wanted }) => wanted === "discard").map(({ ref }) => ref);
    if (discard.length > 0) await this.#discard(table, discard);
    const isTime = now >= this.#retryAt;
    if (isTime) this.#retryAt = now + this.#deps.settings.retryMs;
    const again = known.filter(({ wanted }) => wanted === "retry" || (isTime && wanted === null));
    if (again.length > 0) await this.#retry(table, new Set(again.map(({ ref }) => ref)));
  }

  async #discard(table: OutboxTable, refs: readonly string[]): Promise<void> {
    await table.remove(refs);
    await forgetOutboxFailures(this.#deps.db, this.#lease, refs);
    this.#rows.drop(refs);
    this.#deps.log.warn({ source: this.#source.name, rows: refs.length }, "refused rows were discarded");
  }

  async #retry(table: OutboxTable, refs: ReadonlySet<string>): Promise<void> {
    const there = await table.stillThere([...refs]);
    const gone = [...refs].filter((ref) => !there.has(ref));
    if (gone.length > 0) await forgetOutboxFailures(this.#deps.db, this.#lease, gone);
    this.#rows.drop(gone);
    this.#rows.retry(there);
  }

  #known() {
    return listOutboxFailures(this.#deps.db, this.#lease.sourceId, 2 * MOST_REFUSED);
  }
}

/** Text that PostgreSQL takes, at a length for people. */
function printable(text: string): string;
function printable(text: string | null): string | null;
function printable(text: string | null): string | null {
  return text === null ? null : text.replaceAll("\0", "\uFFFD").slice(0, 300);
}
