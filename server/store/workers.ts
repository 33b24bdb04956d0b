import type { Queryable } from "../db.ts";

/** What a process may be told: work, take no new work, end in order. */
export type WorkerWish = "run" | "quiet" | "stop";
/** What a process says it does. */
export type WorkerMode = "run" | "quiet" | "stopping";

export interface WorkerReport {
  kind: string;
  /** Stable name of the replica; with `kind` the row's key. */
  name: string;
  host: string;
  pid: number;
  version: string;
  startedAt: Date;
  lastTickAt: Date | null;
  /** How often this process reports itself, ms. */
  heartbeatMs: number;
  mode: WorkerMode;
  detail: Record<string, unknown>;
}

export interface WorkerOrder {
  wanted: WorkerWish;
  /** The operator who wants it; null: nobody said anything yet. */
  wantedBy: string | null;
}

/**
 * Heartbeat of one process, on the database's clock. A process that starts takes the row over and runs: what was wanted
 * of the one before it was done with its end.
 *
 * @returns what operators want of this process
 */
export async function reportWorker(db: Queryable, worker: WorkerReport): Promise<WorkerOrder> {
  const { rows } = await db.query<WorkerOrder>({
    name: "report-worker",
    text: `INSERT INTO worker_instance AS w
             (kind, name, host, pid, version, started_at, heartbeat_at, last_tick_at, detail, heartbeat_ms, mode)
           VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp(), $7, $8, $9, $10)
           ON CONFLICT (kind, name) DO UPDATE
           SET host = excluded.host, pid = excluded.pid, version = excluded.version, started_at = excluded.started_at,
               heartbeat_at = excluded.heartbeat_at, last_tick_at = excluded.last_tick_at, detail = excluded.detail,
               heartbeat_ms = excluded.heartbeat_ms, mode = excluded.mode, stopped_at = NULL,
               wanted = CASE WHEN w.started_at = excluded.started_at THEN w.wanted ELSE 'run' END,
               wanted_by = CASE WHEN w.started_at = excluded.started_at THEN w.wanted_by END,
               wanted_at = CASE WHEN w.started_at = excluded.started_at THEN w.wanted_at END
           RETURNING w.wanted, w.wanted_by AS "wantedBy"`,
    values: [
      worker.kind,
      worker.name,
      worker.host,
      worker.pid,
      worker.version,
      worker.startedAt,
      worker.lastTickAt,
      JSON.stringify(worker.detail),
      worker.heartbeatMs,
      worker.mode,
    ],
  });
  return rows[0]!;
}

/** Says that a process ended in order, so that nobody waits for its heartbeat. */
export async function markWorkerStopped(
  db: Queryable,
  kind: string,
  name: string,
  pid: number,
): Promise<void> {
  await db.query("UPDATE worker_instance SET stopped_at = now() WHERE kind = $1 AND name = $2 AND pid = $3", [
    kind,
    name,
    pid,
  ]);
}

export type WorkerCommanded =
  | { outcome: "asked"; before: WorkerWish }
  /** It is what was wanted before; nothing was written. */
  | { outcome: "unchanged" }
  | { outcome: "not_found" }
  /** The process that was meant has ended, or another one runs under its name now. */
  | { outcome: "gone" };

/**
 * Asks one process for something: it reads it with its next heartbeat. Guarded by the start that the operator saw, so
 * that a process restarted meanwhile is not stopped in its predecessor's place; one that was told to stop stops.
 */
export async function commandWorker(
  db: Queryable,
  command: { kind: string; name: string; startedAt: Date; wanted: WorkerWish; by: string },
): Promise<WorkerCommanded> {
  const { rows } = await db.query<{ before: WorkerWish; same: boolean; moved: boolean }>(
    `WITH seen AS (
       SELECT kind, name, wanted, started_at = $3 AND stopped_at IS NULL AND mode <> 'stopping' AND wanted <> 'stop' AS same
       FROM worker_instance WHERE kind = $1 AND name = $2 FOR UPDATE
     ), moved AS (
       UPDATE worker_instance w SET wanted = $4, wanted_by = $5, wanted_at = now()
       FROM seen WHERE w.kind = seen.kind AND w.name = seen.name AND seen.same AND w.wanted <> $4
       RETURNING 1
     )
     SELECT seen.wanted AS before, seen.same, EXISTS (SELECT FROM moved) AS moved FROM seen`,
    [command.kind, command.name, command.startedAt, command.wanted, command.by],
  );
  const row = rows[0];
  if (!row) return { outcome: "not_found" };
  if (!row.same) return { outcome: "gone" };
  return row.moved ? { outcome: "asked", before: row.before } : { outcome: "unchanged" };
}

export interface WorkerRow extends WorkerReport {
  /** ms since the last heartbeat, by the database's clock. */
  silentMs: number;
  stoppedAt: Date | null;
  wanted: WorkerWish;
  wantedBy: string | null;
  wantedAt: Date | null;
}

/** All known processes, also those that ended. */
export async function listWorkers(db: Queryable, kind?: string): Promise<WorkerRow[]> {
  const { rows } = await db.query<WorkerRow>(
    `SELECT kind, name, host, pid, version, started_at AS "startedAt", last_tick_at AS "lastTickAt", detail,
            heartbeat_ms AS "heartbeatMs", mode, wanted, wanted_by AS "wantedBy", wanted_at AS "wantedAt",
            (extract(epoch FROM clock_timestamp() - heartbeat_at) * 1000)::float8 AS "silentMs", stopped_at AS "stoppedAt"
     FROM worker_instance WHERE $1::text IS NULL OR kind = $1 ORDER BY kind, name`,
    [kind ?? null],
  );
  return rows;
}

/** Forgets processes that have not been heard of for so long. @returns how many */
export async function forgetWorkers(db: Queryable, silentDays: number): Promise<number> {
  const { rowCount } = await db.query(
    "DELETE FROM worker_instance WHERE heartbeat_at < now() - $1 * interval '1 day'",
    [silentDays],
  );
  return rowCount ?? 0;
}
