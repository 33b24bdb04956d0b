import { z } from "zod";
import { ROLES } from "../../../auth/permissions.ts";
import { MAX_USERNAME_LENGTH } from "../../../domain/operator-account.ts";
import { auditActor } from "../../../services/console/audit-origin.ts";
import { createUser } from "../../../services/users/create-user.ts";
import { makePassword } from "../../../services/users/make-password.ts";
import { allow } from "../../init.ts";
import { reasonInput } from "./operator-input.ts";

const input = z.strictObject({
  username: z.string().trim().min(1).max(MAX_USERNAME_LENGTH),
  name: z.string().trim().max(100),
  role: z.enum(ROLES),
  /** `oidc`: signs in by the identity provider alone, under this name. */
  signIn: z.enum(["password", "oidc"]),
  reason: reasonInput.nullable(),
});

/** Answers the made password, the only time it is told; null: signs in by the identity provider. */
export const addOperator = allow("operator.manage")
  .input(input)
  .mutation(async ({ ctx, input }) => {
    const password = input.signIn === "password" ? makePassword() : null;
    const { id, username } = await createUser(ctx.db, {
      username: input.username,
      name: input.name,
      role: input.role,
      password,
      temporary: password !== null,
      by: auditActor(ctx.operator, ctx.origin),
      reason: input.reason ?? undefined,
    });
    return { id, username, password };
  });
