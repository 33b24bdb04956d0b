import { z } from "zod";
import { changeSource as change } from "../../../services/outbox-sources/change-source.ts";
import { removeSource as remove } from "../../../services/outbox-sources/remove-source.ts";
import { outboxSourceForm } from "../../../services/outbox-sources/source-spec.ts";
import { allow } from "../../init.ts";
import { optionalReason, requiredReason } from "../reason-input.ts";
import { sourceNameInput } from "./source-input.ts";

export const changeSource = allow("source.manage")
  .input(z.strictObject({ source: outboxSourceForm, seen: z.date(), reason: optionalReason }))
  .mutation(({ ctx, input: { reason, ...input } }) =>
    change(ctx.db, input, { actor: ctx.operator, from: ctx.origin, reason }),
  );

export const removeSource = allow("source.manage")
  .input(z.strictObject({ name: sourceNameInput, reason: requiredReason }))
  .mutation(({ ctx, input: { name, reason } }) =>
    remove(ctx.db, name, { actor: ctx.operator, from: ctx.origin, reason }),
  );
