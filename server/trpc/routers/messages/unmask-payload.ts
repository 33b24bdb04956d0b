import { z } from "zod";
import { unmaskPayload as unmask } from "../../../services/console/read-payload.ts";
import { allow } from "../../init.ts";
import { messageIdInput } from "./message-id.ts";

/** A mutation because each look writes to the audit log. */
export const unmaskPayload = allow("payload.unmask")
  .input(z.strictObject({ id: messageIdInput }))
  .mutation(({ ctx, input }) => unmask(ctx.db, { ...input, actor: ctx.operator, from: ctx.origin }));
