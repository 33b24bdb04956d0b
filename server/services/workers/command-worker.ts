import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { commandWorker as command, type WorkerWish } from "../../store/workers.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
import { forgetBoard } from "./read-board.ts";

export interface WorkerCommand {
  kind: string;
  name: string;
  /** When the process that the operator saw was started. */
  startedAt: Date;
  wanted: WorkerWish;
}

/** `gone`: that process has ended, is ending, or was started anew; nothing was written. */
export type WorkerCommandResult = { outcome: "asked" | "unchanged" | "gone" };

/**
 * Asks a process to take no new work, to work again, or to end in order. It hears of it with its next heartbeat.
 *
 * @throws SurelayError `not_found`, `validation_failed` for the console, which takes no commands
 */
export async function commandWorker(
  db: Pool,
  asked: WorkerCommand,
  by: Acting,
): Promise<WorkerCommandResult> {
  if (asked.kind === "console")
    throw new SurelayError("validation_failed", "A console is stopped by whoever started it.");
  const result = await inTransaction(db, async (tx) => {
    const done = await command(tx, { ...asked, by: by.actor.username });
    if (done.outcome === "not_found")
      throw new SurelayError("not_found", `There is no ${asked.kind} named ${JSON.stringify(asked.name)}.`);
    if (done.outcome === "asked")
      await appendAudit(
        tx,
        entryOf(by, {
          action: `worker.${asked.wanted}`,
          targetKind: "worker",
          targetId: `${asked.kind}/${asked.name}`,
          before: { wanted: done.before },
          after: { wanted: asked.wanted },
        }),
      );
    return { outcome: done.outcome };
  });
  forgetBoard(db);
  return result;
}
