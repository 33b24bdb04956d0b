import { z } from "zod";
import { readAppForOperator } from "../../../services/registry/read-app.ts";
import { allow } from "../../init.ts";
import { appNameInput } from "./app-input.ts";

export const readApp = allow("registry.read")
  .input(z.strictObject({ name: appNameInput }))
  .query(({ ctx, input }) => readAppForOperator(ctx.db, input.name));
