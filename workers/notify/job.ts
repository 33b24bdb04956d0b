import type { WebhookClaim } from "../../server/store/claim-webhooks.ts";
import type { CallableEndpoint } from "./endpoints.ts";

/** A claimed delivery on its way to its receiver. */
export interface Job {
  claim: WebhookClaim;
  endpoint: CallableEndpoint;
  /** By `performance.now()`: not sent after that, because its lease could end before the outcome is written down. */
  sendBefore: number;
}

/** Beside the time-outs of two generations of calls: what a claim's lease leaves for writing outcomes down, ms. */
const LEASE_MARGIN_MS = 10_000;
/** Of it, what must be left when a call is made. */
const WRITE_MARGIN_MS = 2000;

/** For as long as a claim is the claimer's: a generation before it, its own time-out, and writing the outcome down. */
export function leaseMsOf({ timeoutSeconds }: CallableEndpoint): number {
  return 2 * timeoutSeconds * 1000 + LEASE_MARGIN_MS;
}

/** @param claimedAt by `performance.now()`, before the claim was made */
export function jobOf(claim: WebhookClaim, endpoint: CallableEndpoint, claimedAt: number): Job {
  const sendBefore = claimedAt + leaseMsOf(endpoint) - endpoint.timeoutSeconds * 1000 - WRITE_MARGIN_MS;
  return { claim, endpoint, sendBefore };
}
