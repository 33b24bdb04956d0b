import { z } from "zod";

/** Whose messages, of which topic, of what time; what is left out does not narrow. */
export const messageScopeInput = z.strictObject({
  topic: z.string().max(249).nullable().default(null),
  app: z.string().max(64).nullable().default(null),
  withinSeconds: z
    .int()
    .min(1)
    .max(366 * 86_400)
    .nullable()
    .default(null),
  from: z.date().nullable().default(null),
  to: z.date().nullable().default(null),
});
