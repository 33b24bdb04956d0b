import { z } from "zod";
import { KEY_RATE, KEY_SCOPES, NOTE_LENGTH } from "../../../domain/registry-rules.ts";
import { createApiKey } from "../../../services/api-keys/create-api-key.ts";
import { allow } from "../../init.ts";
import { appNameInput } from "../apps/app-input.ts";

const input = z.strictObject({
  app: appNameInput,
  scopes: z.array(z.enum(KEY_SCOPES)).min(1).max(KEY_SCOPES.length),
  note: z.string().trim().min(1).max(NOTE_LENGTH).nullable(),
  ratePerSecond: z.int().min(KEY_RATE.min).max(KEY_RATE.max).nullable(),
});

/** The key itself is in this answer and nowhere else. */
export const createKey = allow("key.manage")
  .input(input)
  .mutation(({ ctx, input }) =>
    createApiKey(ctx.db, {
      ...input,
      createdBy: ctx.operator.username,
      actorId: ctx.operator.id,
      from: ctx.origin,
    }),
  );
