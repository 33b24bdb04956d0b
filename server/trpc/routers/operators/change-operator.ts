import { z } from "zod";
import { ROLES } from "../../../auth/permissions.ts";
import { auditActor } from "../../../services/console/audit-origin.ts";
import {
  changeRole as change,
  liftOperator as lift,
  removeOperator as remove,
  suspendOperator as suspend,
} from "../../../services/users/change-operator.ts";
import { allow } from "../../init.ts";
import type { SignedIn } from "../../context.ts";
import { operatorChangeInput } from "./operator-input.ts";

const by = ({ operator, origin }: SignedIn) => ({ operator, by: auditActor(operator, origin) });

export const changeRole = allow("operator.manage")
  .input(operatorChangeInput.extend({ role: z.enum(ROLES) }))
  .mutation(({ ctx, input }) => change(ctx.db, { ...input, ...by(ctx), managed: ctx.rolesFromProvider }));

export const suspendOperator = allow("operator.manage")
  .input(operatorChangeInput)
  .mutation(({ ctx, input }) => suspend(ctx.db, { ...input, ...by(ctx) }));

export const liftOperator = allow("operator.manage")
  .input(operatorChangeInput)
  .mutation(({ ctx, input }) => lift(ctx.db, { ...input, ...by(ctx) }));

export const removeOperator = allow("operator.manage")
  .input(operatorChangeInput)
  .mutation(({ ctx, input }) => remove(ctx.db, { ...input, ...by(ctx) }));
