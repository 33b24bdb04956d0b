import type { CheckClaim } from "../../server/store/claim-checks.ts";
import type { AskableApp } from "./directory.ts";

/** A claimed message on its way to being asked about. */
export interface Job {
  claim: CheckClaim;
  app: AskableApp;
  /** By `performance.now()`: not sent after that, because its lease could end before the answer is written down. */
  sendBefore: number;
  /** The version of the app's breaker if this is its probe; null: it is closed. */
  probe: bigint | null;
}
