export interface WakeUp {
  /** Lanes that have something to send; null: any of them may. */
  lanes: number[] | null;
  /** Something is to be sent again there. */
  resends: boolean;
  /** A pause began or ended. */
  control: boolean;
}

/**
 * Payloads on the channel `surelay_ready`: `0,3` lanes with READY messages, `resend:3` a lane with something to send again,
 * `control` a pause or its end; empty after a connection was made anew, when all of these may have been missed.
 */
export function parseWakeUp(payload: string): WakeUp {
  if (payload === "control") return { lanes: [], resends: false, control: true };
  if (payload === "") return { lanes: null, resends: true, control: true };
  const resends = payload.startsWith(RESEND);
  const lanes = (resends ? payload.slice(RESEND.length) : payload).split(",").map(Number);
  return { lanes, resends, control: false };
}

const RESEND = "resend:";
