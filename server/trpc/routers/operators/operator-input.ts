import { z } from "zod";

/** An account's id. */
export const operatorIdInput = z.string().min(1).max(100);

/** Why something is done; kept in the audit log. */
export const reasonInput = z.string().trim().min(3).max(500);

/** What every change of an account says. */
export const operatorChangeInput = z.strictObject({ id: operatorIdInput, reason: reasonInput });
