import { z } from "zod";
import { testCheckUrl as test } from "../../../services/check-back/test-check-url.ts";
import { allow } from "../../init.ts";
import { appNameInput } from "./app-input.ts";

/** A mutation because each try sends a request and leaves an entry in the audit log. */
export const testCheckUrl = allow("app.probe")
  .input(z.strictObject({ name: appNameInput }))
  .mutation(({ ctx, input }) =>
    test(
      ctx.db,
      { app: input.name, master: ctx.outbound.master, agents: ctx.outbound.agents },
      { actor: ctx.operator, from: ctx.origin },
    ),
  );
