import { z } from "zod";
import { pauseSource as pause } from "../../../services/outbox-sources/pause-source.ts";
import { settleFailures } from "../../../services/outbox-sources/settle-failures.ts";
import { outboxSourceForm } from "../../../services/outbox-sources/source-spec.ts";
import { testConnection } from "../../../services/outbox-sources/test-connection.ts";
import { allow } from "../../init.ts";
import { requiredReason } from "../reason-input.ts";
import { sourceNameInput } from "./source-input.ts";

export const pauseSource = allow("source.pause")
  .input(z.strictObject({ name: sourceNameInput, paused: z.boolean(), reason: requiredReason }))
  .mutation(({ ctx, input: { reason, ...change } }) =>
    pause(ctx.db, change, { actor: ctx.operator, from: ctx.origin, reason }),
  );

/** A mutation because each try opens connections; it changes nothing. */
export const testSource = allow("source.pause")
  .input(outboxSourceForm)
  .mutation(({ ctx, input }) => testConnection(input, ctx.sources, ctx.log));

const rows = z.strictObject({
  name: sourceNameInput,
  refs: z.array(z.string().min(1).max(1024)).min(1).max(200).nullable(),
  reason: requiredReason,
});

/** Has refused rows tried again; null: all of the source. */
export const retryRows = allow("source.pause")
  .input(rows)
  .mutation(({ ctx, input: { reason, ...change } }) =>
    settleFailures(ctx.db, { ...change, wanted: "retry" }, { actor: ctx.operator, from: ctx.origin, reason }),
  );

/** Has refused rows deleted from the business database, unsent. */
export const discardRows = allow("source.manage")
  .input(rows)
  .mutation(({ ctx, input: { reason, ...change } }) =>
    settleFailures(
      ctx.db,
      { ...change, wanted: "discard" },
      { actor: ctx.operator, from: ctx.origin, reason },
    ),
  );
