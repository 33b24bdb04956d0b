import { declareSource as declare } from "../../../services/outbox-sources/declare-source.ts";
import { outboxSourceForm } from "../../../services/outbox-sources/source-spec.ts";
import { allow } from "../../init.ts";

export const declareSource = allow("source.manage")
  .input(outboxSourceForm)
  .mutation(async ({ ctx, input }) => {
    await declare(ctx.db, input, { actor: ctx.operator, from: ctx.origin });
    return { name: input.name };
  });
