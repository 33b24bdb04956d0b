/** Every moment at which the consumer's process is ended. `sent`: the bytes are with the kernel, no answer is read. */
export const STEPS = [
  "BEGIN sent",
  "mark sent",
  "mark answered",
  "start answered",
  "claim sent",
  "claim answered",
  "work sent",
  "work answered",
  "look sent",
  "COMMIT due",
  "COMMIT sent",
  "COMMIT answered",
  "ROLLBACK sent",
  "ack in flight",
  "ack answered",
  "offset due",
  "offset sent",
  "offset committed",
  "at random",
] as const;

export type Step = (typeof STEPS)[number];
