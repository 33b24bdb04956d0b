import type pg from "pg";
import type { Step } from "./steps.ts";

export interface KillSite {
  apiUrl: string;
  key: string;
  /** Surelay's own database: what it knows of the messages. */
  store: pg.Pool;
  /** The business's database, with the barrier and the table `orders (message_id uuid)`. */
  businessUrl: string;
}

export interface KillVerdict {
  kills: number;
  /** How often each step was the last one. */
  steps: Partial<Record<Step, number>>;
  /** Orders that stand. */
  committed: number;
  /** Messages that were prepared and whose transaction does not stand. */
  rolledBack: number;
  /** Check-backs by their answer; 503: the transaction was open. */
  answers: Record<string, number>;
  /** Transactions that began after a check-back and were shut out. */
  late: number;
  /** Committed orders whose message is not delivered. */
  lost: string[];
  /** Messages delivered though their transaction does not stand. */
  phantom: string[];
  /** Check-backs and confirms that contradict each other. */
  contradictions: string[];
  /** Messages that nobody could settle. */
  stuck: string[];
  /** What the producers failed at, beside what was intended. */
  failures: string[];
}
