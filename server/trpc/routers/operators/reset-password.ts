import { SurelayError } from "../../../errors.ts";
import { auditActor } from "../../../services/console/audit-origin.ts";
import { makePassword } from "../../../services/users/make-password.ts";
import { readAccount } from "../../../services/users/read-account.ts";
import { resetPassword as reset } from "../../../services/users/reset-password.ts";
import { allow } from "../../init.ts";
import { operatorChangeInput } from "./operator-input.ts";

/** Answers the made password, the only time it is told. */
export const resetPassword = allow("operator.manage")
  .input(operatorChangeInput)
  .mutation(async ({ ctx, input }) => {
    if (input.id === ctx.operator.id)
      throw new SurelayError(
        "validation_failed",
        "This is your own account. Change your password on your account's page.",
      );
    const { operator } = await readAccount(ctx.db, input.id);
    const password = makePassword();
    const { endedSessions } = await reset(ctx.db, {
      username: operator.username,
      password,
      temporary: true,
      by: auditActor(ctx.operator, ctx.origin),
      reason: input.reason,
    });
    return { password, endedSessions };
  });
