import { z } from "zod";

const text = (most: number) => z.string().min(1).max(most).nullable();

/** What to look for in the audit log; null: anything. */
export const auditFilterInput = z.strictObject({
  actor: text(200),
  action: text(100),
  targetKind: text(60),
  targetId: text(300),
  withinSeconds: z
    .int()
    .min(1)
    .max(366 * 86_400)
    .nullable(),
  from: z.date().nullable(),
  to: z.date().nullable(),
  text: text(200),
});

/** A line's id: a positive 64-bit number in digits. */
export const auditIdInput = z.string().regex(/^[1-9]\d{0,17}$/);
