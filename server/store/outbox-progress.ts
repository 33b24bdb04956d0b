import type { Queryable } from "../db.ts";
import { textArray } from "./sql-array.ts";

/** A source as its owner holds it; a statement guarded by it does nothing once the epoch has moved on. */
export interface SourceHold {
  sourceId: number;
  epoch: bigint;
}

/** A source's progress as operators and collectors see it. */
export interface OutboxProgressRow {
  sourceId: number;
  epoch: bigint;
  owner: string | null;
  /** ms until the lease ends; negative: it ended; null: nobody owns the source. */
  expiresInMs: number | null;
  acquiredAt: Date | null;
  /** Rows collected since the source was declared. */
  collected: number;
  lastCollectedAt: Date | null;
  /** Rows per second over the last minute, as of `sampledAt`. */
  rate: number;
  /** Rows waiting in the source as of `sampledAt`, counted up to `WAITING_CAP`; null: never looked. */
  waiting: number | null;
  /** When the oldest waiting row was written, as of `sampledAt`; null: none waits, or the layout does not tell. */
  oldestAt: Date | null;
  sampledAt: Date | null;
  faultCode: string | null;
  faultDetail: string | null;
  faultSince: Date | null;
  /** Rows that are refused. */
  failures: number;
}

/** Most waiting rows that are counted one by one; a figure that reaches it is "at least". */
export const WAITING_CAP = 10_001;

/** Progress of all sources, with the time left by the database's clock. */
export async function readOutboxProgress(db: Queryable): Promise<OutboxProgressRow[]> {
  const { rows } = await db.query<
    Omit<OutboxProgressRow, "epoch" | "collected"> & { epoch: string; collected: string }
  >(
    `SELECT source_id AS "sourceId", epoch, owner,
            (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float8 AS "expiresInMs", acquired_at AS "acquiredAt",
            collected, last_collected_at AS "lastCollectedAt", rate, waiting, oldest_at AS "oldestAt", sampled_at AS "sampledAt",
            fault_code AS "faultCode", fault_detail AS "faultDetail", fault_since AS "faultSince",
            (SELECT count(*)::int FROM outbox_failure f WHERE f.source_id = p.source_id) AS failures
     FROM outbox_progress p ORDER BY source_id`,
  );
  return rows.map((row) => ({ ...row, epoch: BigInt(row.epoch), collected: Number(row.collected) }));
}

/**
 * Takes a source that is free, expired, or held under the same owner name (a collector that was restarted), and raises its
 * epoch: from then on every statement of the former owner finds no row. A transaction in which the former owner stores a
 * batch at this moment holds the row: then nothing is taken, and the next try sees what it stored. (A process that is frozen
 * in such a transaction loses it after the connection's idle_in_transaction_session_timeout.)
 *
 * @param ownEpoch take it from our own name only if it stands at this epoch, by which two collectors that wrongly share a
 * name do not take a source from each other for ever; absent: at any
 * @returns rows that are stored and may still stand in the source; null: another collector holds it
 */
export async function acquireSource(
  db: Queryable,
  want: { sourceId: number; owner: string; ttlMs: number; ownEpoch?: bigint },
): Promise<{ epoch: bigint; inHand: string[] } | null> {
  const { rows } = await db.query<{ epoch: string; in_hand: string[] }>({
    name: "acquire-outbox-source",
    text: `UPDATE outbox_progress SET epoch = epoch + 1, owner = $2, acquired_at = clock_timestamp(),
                  expires_at = clock_timestamp() + $3 * interval '1 ms'
           WHERE source_id = (
             SELECT source_id FROM outbox_progress
             WHERE source_id = $1 AND (owner IS NULL OR expires_at < clock_timestamp()
               OR (owner = $2 AND ($4::bigint IS NULL OR epoch = $4)))
             FOR UPDATE SKIP LOCKED)
           RETURNING epoch, in_hand`,
    values: [want.sourceId, want.owner, want.ttlMs, want.ownEpoch?.toString() ?? null],
  });
  return rows[0] ? { epoch: BigInt(rows[0].epoch), inHand: rows[0].in_hand } : null;
}

/** Prolongs the leases held. @returns ids of the sources still held; one that is absent is lost. */
export async function renewSources(
  db: Queryable,
  renewal: { held: readonly SourceHold[]; ttlMs: number },
): Promise<Set<number>> {
  const { rows } = await db.query<{ source_id: number }>({
    name: "renew-outbox-sources",
    text: `UPDATE outbox_progress p SET expires_at = clock_timestamp() + $3 * interval '1 ms'
           FROM unnest($1::int[], $2::bigint[]) AS held(source_id, epoch)
           WHERE p.source_id = held.source_id AND p.epoch = held.epoch
           RETURNING p.source_id`,
    values: [renewal.held.map((h) => h.sourceId), renewal.held.map((h) => h.epoch.toString()), renewal.ttlMs],
  });
  return new Set(rows.map((row) => row.source_id));
}

/** Frees a source so that another collector takes it at once. */
export async function releaseSource(db: Queryable, hold: SourceHold): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "release-outbox-source",
    text: "UPDATE outbox_progress SET owner = NULL, expires_at = NULL WHERE source_id = $1 AND epoch = $2",
    values: [hold.sourceId, hold.epoch.toString()],
  });
  return rowCount === 1;
}

/**
 * Names the rows that this transaction is about to store as messages: the first statement of that transaction. It holds the
 * source's row to its end, so that a new owner sees either all of it or nothing.
 *
 * @param refs replaces those of the batch before, which must be gone from the source by now
 * @returns false: the source has another owner; nothing may be stored
 */
export async function takeInHand(db: Queryable, hold: SourceHold, refs: readonly string[]): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "take-outbox-rows",
    text: `UPDATE outbox_progress SET in_hand = $3, collected = collected + $4, last_collected_at = now()
           WHERE source_id = $1 AND epoch = $2`,
    values: [hold.sourceId, hold.epoch.toString(), textArray(refs), refs.length],
  });
  return rowCount === 1;
}

/** What of a source is stored and may still stand there. @returns null: the source has another owner */
export async function readInHand(db: Queryable, hold: SourceHold): Promise<string[] | null> {
  const { rows } = await db.query<{ in_hand: string[] }>({
    name: "read-outbox-in-hand",
    text: "SELECT in_hand FROM outbox_progress WHERE source_id = $1 AND epoch = $2",
    values: [hold.sourceId, hold.epoch.toString()],
  });
  return rows[0]?.in_hand ?? null;
}

export interface OutboxSample {
  rate: number;
  waiting: number;
  oldestAt: Date | null;
}

/** Writes down what a look into the source found. */
export async function sampleSource(db: Queryable, hold: SourceHold, sample: OutboxSample): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "sample-outbox-source",
    text: `UPDATE outbox_progress SET rate = $3, waiting = $4, oldest_at = $5, sampled_at = clock_timestamp()
           WHERE source_id = $1 AND epoch = $2`,
    values: [hold.sourceId, hold.epoch.toString(), sample.rate, sample.waiting, sample.oldestAt],
  });
  return rowCount === 1;
}

/** Shows (or, with null, clears) what keeps a source from being collected. The time of the first such finding stays. */
export async function setSourceFault(
  db: Queryable,
  hold: SourceHold,
  fault: { code: string; detail: string } | null,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "set-outbox-fault",
    text: `UPDATE outbox_progress
           SET fault_code = $3::text, fault_detail = $4,
               fault_since = CASE WHEN $3::text IS NULL THEN NULL ELSE coalesce(fault_since, now()) END
           WHERE source_id = $1 AND epoch = $2`,
    values: [hold.sourceId, hold.epoch.toString(), fault?.code ?? null, fault?.detail ?? null],
  });
  return rowCount === 1;
}
