import { SurelayError } from "../../errors.ts";

/** @throws SurelayError `unavailable`: this process was started without the master secret */
export function requireSigningSecret(master: string | undefined): string {
  if (master !== undefined) return master;
  throw new SurelayError(
    "unavailable",
    "This process was started without SURELAY_SIGNING_SECRET, so it cannot sign requests to apps.",
    { retryable: false },
  );
}
