import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MS = 300;
const SILENT_SHARE = 0.04;

/** The carrier did not answer: it may next time. */
export class CarrierTimeout extends Error {
  override readonly name = "CarrierTimeout";
}

/**
 * Books parcels with the carrier. For show there is none: it says yes at once, and now and then nothing.
 *
 * @param reference the same at each attempt, so that no attempt books twice
 * @throws CarrierTimeout
 */
export async function bookParcels(reference: string, parcels: number, signal: AbortSignal): Promise<void> {
  if (Math.random() >= SILENT_SHARE) return;
  await pause(PATIENCE_MS, undefined, { signal });
  throw new CarrierTimeout(
    `The carrier did not answer within ${PATIENCE_MS} ms: ${parcels} parcels, reference ${reference}`,
  );
}
