import type { Queryable } from "../db.ts";

export interface WorkerReport {
  kind: string;
  /** Stable name of the replica; with `kind` the row's key. */
  name: string;
  host: string;
  pid: number;
  version: string;
  startedAt: Date;
  lastTickAt: Date | null;
  detail: Record<string, unknown>;
}

/** Heartbeat of one process, on the database's clock. */
export async function reportWorker(db: Queryable, worker: WorkerReport): Promise<void> {
  await db.query({
    name: "report-worker",
    text: `INSERT INTO worker_instance (kind, name, host, pid, version, started_at, heartbeat_at, last_tick_at, detail)
           VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp(), $7, $8)
           ON CONFLICT (kind, name) DO UPDATE
           SET host = excluded.host, pid = excluded.pid, version = excluded.version, started_at = excluded.started_at,
               heartbeat_at = excluded.heartbeat_at, last_tick_at = excluded.last_tick_at, detail = excluded.detail, stopped_at = NULL`,
    values: [
      worker.kind,
      worker.name,
      worker.host,
      worker.pid,
      worker.version,
      worker.startedAt,
      worker.lastTickAt,
      JSON.stringify(worker.detail),
    ],
  });
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

export interface WorkerRow extends WorkerReport {
  /** ms since the last heartbeat, by the database's clock. */
  silentMs: number;
  stoppedAt: Date | null;
}

/** All known processes, also those that ended. */
export async function listWorkers(db: Queryable, kind?: string): Promise<WorkerRow[]> {
  const { rows } = await db.query<WorkerRow>(
    `SELECT kind, name, host, pid, version, started_at AS "startedAt", last_tick_at AS "lastTickAt", detail,
            (extract(epoch FROM clock_timestamp() - heartbeat_at) * 1000)::float8 AS "silentMs", stopped_at AS "stoppedAt"
     FROM worker_instance WHERE $1::text IS NULL OR kind = $1 ORDER BY kind, name`,
    [kind ?? null],
  );
  return rows;
}
