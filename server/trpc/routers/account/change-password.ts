import { z } from "zod";
import { auditActor } from "../../../services/console/audit-origin.ts";
import { changeOwnPassword } from "../../../services/users/change-own-password.ts";
import { allowSignedIn } from "../../init.ts";

export const changePassword = allowSignedIn()
  .input(z.strictObject({ current: z.string().min(1).max(200), next: z.string().max(200) }))
  .mutation(({ ctx, input }) =>
    changeOwnPassword(ctx.db, {
      ...input,
      operator: ctx.operator,
      by: auditActor(ctx.operator, ctx.origin),
    }),
  );
