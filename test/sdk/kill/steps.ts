/** Every moment at which the producer's process is ended. `sent`: the bytes are with the kernel, no answer is read. */
export const STEPS = [
  "prepare in flight",
  "prepare answered",
  "BEGIN sent",
  "barrier sent",
  "barrier answered",
  "work sent",
  "work answered",
  "look sent",
  "COMMIT due",
  "COMMIT sent",
  "COMMIT answered",
  "ROLLBACK sent",
  "confirm in flight",
  "confirm answered",
  "cancel in flight",
  "cancel answered",
  "at random",
] as const;

export type Step = (typeof STEPS)[number];
