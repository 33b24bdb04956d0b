import type { Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { listOutboxFailures, type OutboxFailureRow } from "../../store/outbox-failures.ts";
import { type WrittenTopology, writeTopology } from "../topology/write-topology.ts";
import { listSources, type OutboxSourceItem } from "./list-sources.ts";
import { specOf } from "./source-spec.ts";

/** Most refused rows that are shown; `failures` of the source says how many there are. */
export const SHOWN_FAILURES = 200;

export interface OutboxSourceDetail extends OutboxSourceItem {
  /** Rows that cannot become messages as they are, oldest finding first. */
  refused: OutboxFailureRow[];
  /** The same as a topology file declares it. */
  file: WrittenTopology;
}

/** @throws SurelayError `not_found` */
export async function readSource(db: Queryable, name: string): Promise<OutboxSourceDetail> {
  const source = (await listSources(db)).find((item) => item.name === name);
  if (!source) throw noSuchSource(name);
  return {
    ...source,
    refused: await listOutboxFailures(db, source.id, SHOWN_FAILURES),
    file: writeTopology({ apps: [], topics: [], outboxSources: [specOf(source)] }),
  };
}

export function noSuchSource(name: string): SurelayError {
  return new SurelayError("not_found", `There is no outbox source ${JSON.stringify(name)}.`);
}
