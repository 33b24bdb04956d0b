import { z } from "zod";

/** Why an operator does something: kept in the audit log for whoever asks later. */
export const reasonInput = z.string().trim().min(3).max(500);
