import { z } from "zod";
import { REASON_LENGTH } from "../../domain/registry-rules.ts";

/** Why an operator does something, in the operator's words; kept in the audit log. */
export const requiredReason = z.string().trim().min(REASON_LENGTH.min).max(REASON_LENGTH.max);

/** The same where it may be left out: empty is none. */
export const optionalReason = z
  .string()
  .trim()
  .max(REASON_LENGTH.max)
  .optional()
  .transform((reason) => reason || undefined);
