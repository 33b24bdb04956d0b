import type { Database } from "../../sdk/database/database.ts";

/** One library with one database, as its adapter's tests want it. */
export interface Rig<Tx> {
  database: Database<Tx>;
  /** The business's own row, written the way of the library. */
  insertOrder(tx: Tx, messageId: string): Promise<unknown>;
  /** A statement that the database refuses. */
  fail(tx: Tx): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Declares tests for a library. */
export type HoldRig = <Tx>(name: string, open: (url: string) => Promise<Rig<Tx>>) => void;
