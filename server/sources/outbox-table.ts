/** A row of a local message table as it is read; nothing about it is checked yet. */
export interface SourceRow {
  /** Names the row in its source for good: what is removed by it is this row and no other. */
  ref: string;
  id: string;
  /** Topic, or in Debezium's layout the aggregatetype. */
  route: string;
  key: string | null;
  type: string | null;
  businessKey: string | null;
  contentType: string | null;
  /** A JSON object as text. */
  headers: string | null;
  traceparent: string | null;
  /** Null: there is none, or it is larger than was asked for. */
  payload: Buffer | null;
  /** Null: there is no payload. */
  payloadBytes: number | null;
  deliverAt: Date | null;
}

/** What one read may bring. */
export interface ReadLimits {
  rows: number;
  /** A read stops after the row whose payload passes this sum. */
  bytes: number;
  /** Larger payloads are left out of their rows. */
  payloadBytes: number;
}

/** Rows that are left where they are, and with them all rows of these keys. */
export interface Skipped {
  refs: readonly string[];
  keys: readonly { route: string; key: string }[];
}

export interface TableLook {
  /** Rows that wait, counted up to the cap. */
  waiting: number;
  /** When the first of them was written; null: none waits, or the table does not tell. */
  oldestAt: Date | null;
}

/**
 * One local message table in a business database. Reads are plain snapshots and lock nothing: with one owner at a time there
 * is nothing to skip, while a row that SKIP LOCKED passed over would be overtaken by the later ones of its key.
 *
 * Every method throws SourceFault.
 */
export interface OutboxTable {
  /** host:port and the table, for people. */
  readonly place: string;
  /** Whether it can be collected: it is there, has its columns, may be read and deleted from. @returns what was found, in words */
  inspect(): Promise<string>;
  /** The next rows in order, at least one if there is any. */
  read(limits: ReadLimits, skipped: Skipped): Promise<SourceRow[]>;
  /** Which of these rows still stand there. */
  stillThere(refs: readonly string[]): Promise<Set<string>>;
  /** Deletes rows; those that are gone already do not matter. */
  remove(refs: readonly string[]): Promise<void>;
  /** @param cap most rows that are counted */
  look(cap: number): Promise<TableLook>;
  /**
   * Says in the source that somebody looks there all the time, or no longer does: while it stands, nobody has to be woken.
   * It ends with the connection by itself. What was written meanwhile woke nobody: look once more after taking it back.
   */
  stayAwake(awake: boolean): Promise<void>;
  close(): Promise<void>;
}

export const NOTHING_SKIPPED: Skipped = { refs: [], keys: [] };
