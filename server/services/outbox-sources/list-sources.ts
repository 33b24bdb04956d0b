import type { Queryable } from "../../db.ts";
import { judgeOutbox, type OutboxStanding } from "../../domain/outbox-source.ts";
import { type OutboxProgressRow, readOutboxProgress } from "../../store/outbox-progress.ts";
import { listOutboxSources, type OutboxSourceRow } from "../../store/outbox-sources.ts";

/** A source with how far it is collected, as of its collector's last report. */
export interface OutboxSourceItem extends OutboxSourceRow, Omit<OutboxProgressRow, "sourceId" | "epoch"> {
  standing: OutboxStanding;
}

/** All sources by name, with lag, rate, last fault, and the oldest row that waits. */
export async function listSources(db: Queryable): Promise<OutboxSourceItem[]> {
  const [sources, progress] = await Promise.all([listOutboxSources(db), readOutboxProgress(db)]);
  const byId = new Map(progress.map((row) => [row.sourceId, row]));
  return sources.flatMap((source) => {
    const row = byId.get(source.id);
    return row ? [itemOf(source, row)] : []; // declared between the two reads
  });
}

function itemOf(source: OutboxSourceRow, row: OutboxProgressRow): OutboxSourceItem {
  const { sourceId: _id, epoch: _epoch, ...progress } = row;
  const standing = judgeOutbox({
    paused: source.pausedAt !== null,
    owned: (row.expiresInMs ?? -1) >= 0,
    fault: row.faultCode !== null,
    failures: row.failures,
    waiting: row.waiting,
  });
  return { ...source, ...progress, standing };
}
