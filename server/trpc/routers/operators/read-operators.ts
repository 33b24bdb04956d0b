import { z } from "zod";
import { listOperators as list } from "../../../services/users/list-operators.ts";
import { readAccount } from "../../../services/users/read-account.ts";
import { allow } from "../../init.ts";
import { operatorIdInput } from "./operator-input.ts";

export const listOperators = allow("operator.manage").query(({ ctx }) => list(ctx.db));

export const readOperator = allow("operator.manage")
  .input(z.strictObject({ id: operatorIdInput }))
  .query(({ ctx, input }) => readAccount(ctx.db, input.id));
