import { z } from "zod";
import { changeApp as change } from "../../../services/registry/change-app.ts";
import { allow } from "../../init.ts";
import { optionalReason } from "../reason-input.ts";
import { appInput } from "./app-input.ts";

export const changeApp = allow("app.manage")
  .input(z.strictObject({ app: appInput, seen: z.date(), reason: optionalReason }))
  .mutation(({ ctx, input: { reason, ...input } }) =>
    change(ctx.db, input, { actor: ctx.operator, from: ctx.origin, reason }),
  );
