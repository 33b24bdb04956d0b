import { z } from "zod";
import { resetBreaker as reset } from "../../../services/check-back/reset-breaker.ts";
import { allow } from "../../init.ts";
import { optionalReason } from "../reason-input.ts";
import { appNameInput } from "./app-input.ts";

export const resetBreaker = allow("app.probe")
  .input(z.strictObject({ name: appNameInput, reason: optionalReason }))
  .mutation(({ ctx, input: { name, reason } }) =>
    reset(ctx.db, name, { actor: ctx.operator, from: ctx.origin, reason }),
  );
