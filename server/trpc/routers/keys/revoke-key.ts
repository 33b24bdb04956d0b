import { z } from "zod";
import { revokeApiKey } from "../../../services/api-keys/revoke-api-key.ts";
import { allow } from "../../init.ts";
import { requiredReason } from "../reason-input.ts";

export const revokeKey = allow("key.manage")
  .input(z.strictObject({ id: z.string().min(1).max(64), reason: requiredReason }))
  .mutation(async ({ ctx, input }) => {
    const changed = await revokeApiKey(ctx.db, {
      ...input,
      revokedBy: ctx.operator.username,
      actorId: ctx.operator.id,
      from: ctx.origin,
    });
    return { changed };
  });
