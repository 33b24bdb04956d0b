import { createApp as create } from "../../../services/registry/create-app.ts";
import { allow } from "../../init.ts";
import { appInput } from "./app-input.ts";

export const createApp = allow("app.manage")
  .input(appInput)
  .mutation(async ({ ctx, input }) => {
    const { name } = await create(ctx.db, input, { actor: ctx.operator, from: ctx.origin });
    return { name };
  });
