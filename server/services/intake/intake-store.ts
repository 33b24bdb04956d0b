import type { Pool } from "../../db.ts";
import type { SurelayError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { OwnedId } from "../../store/confirm-messages.ts";
import { decideFlush, type Decided } from "./decide-flush.ts";
import type { Stored, Submission } from "./judge-repeat.ts";
import { runFlush } from "./run-flush.ts";
import { storeFlush } from "./store-flush.ts";

/** What intake wants of a store: one call per flush, results in the order of the items. */
export interface IntakeStore {
  store(
    kind: "prepare" | "send",
    items: readonly Submission[],
    abandoned: AbortSignal,
  ): Promise<(Stored | SurelayError)[]>;
  decide(
    kind: "confirm" | "cancel",
    items: readonly OwnedId[],
    abandoned: AbortSignal,
  ): Promise<(Decided | SurelayError)[]>;
}

/** The store in PostgreSQL. @param pool with pinned plans (`hot`) */
export function createIntakeStore(pool: Pool, log: Log): IntakeStore {
  return {
    store: (kind, items, abandoned) =>
      runFlush({ name: kind, pool, log }, items, abandoned, (db, part) => storeFlush(kind, db, part)),
    decide: (kind, items, abandoned) =>
      runFlush({ name: kind, pool, log }, items, abandoned, (db, part) => decideFlush(kind, db, part)),
  };
}
