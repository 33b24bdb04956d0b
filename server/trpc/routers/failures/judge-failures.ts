import { z } from "zod";
import { NOTE_LIMIT, ignoreGroup, noteGroup } from "../../../services/failures/change-group.ts";
import { allow } from "../../init.ts";
import { requiredReason } from "../reason-input.ts";
import { groupIdInput } from "./read-failures.ts";

export const noteFailure = allow("failure.note")
  .input(z.strictObject({ id: groupIdInput, note: z.string().max(NOTE_LIMIT) }))
  .mutation(({ ctx, input }) => noteGroup(ctx.db, input, { actor: ctx.operator, from: ctx.origin }));

/** Has a group ignored, until it fails more often than that if that is said; or ends it. */
export const ignoreFailure = allow("failure.note")
  .input(
    z.strictObject({
      id: groupIdInput,
      ignored: z.boolean(),
      untilPerMinute: z.int().min(1).max(1_000_000).nullable(),
      reason: requiredReason,
    }),
  )
  .mutation(({ ctx, input: { reason, ...change } }) =>
    ignoreGroup(ctx.db, change, { actor: ctx.operator, from: ctx.origin, reason }),
  );
