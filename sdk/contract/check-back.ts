import { z } from "zod";
import { messageId } from "./messages.ts";

/** What the service POSTs to an app's check URL when a prepared message is due; signed, see webhook-signature.ts. */
export const checkBackRequest = z
  .object({
    messageId,
    businessKey: z.string().nullable().describe("As it was prepared; null without."),
    topic: z.string(),
    type: z.string().nullable().describe("As it was prepared; null without."),
    preparedAt: z.iso.datetime().describe("When it was stored: RFC 3339, UTC, milliseconds."),
    attempt: z
      .int()
      .min(1)
      .describe("1 for the first question about this message; only questions really sent are counted."),
  })
  .meta({ id: "CheckBackRequest" });

export const checkBackOutcome = z
  .enum(["committed", "rolled_back", "unknown"])
  .describe("What became of the business transaction. `unknown`: ask again later.")
  .meta({ id: "CheckBackOutcome" });

/** The body of a 200. Every other answer counts as `unknown` and is kept for the operator to read. */
export const checkBackAnswer = z.object({ outcome: checkBackOutcome }).meta({ id: "CheckBackAnswer" });

export type CheckBackRequest = z.infer<typeof checkBackRequest>;
export type CheckBackOutcome = z.infer<typeof checkBackOutcome>;
export type CheckBackAnswer = z.infer<typeof checkBackAnswer>;
