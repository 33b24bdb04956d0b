import { z } from "zod";
import { resendMessage as resend } from "../../../services/console/resend-message.ts";
import { allow } from "../../init.ts";
import { messageIdInput } from "./message-id.ts";
import { reasonInput } from "./reason.ts";

/** Sends a message again that was sent or rejected. */
export const resendMessage = allow("message.resend")
  .input(z.strictObject({ id: messageIdInput, reason: reasonInput }))
  .mutation(({ ctx, input }) => resend(ctx.db, { ...input, actor: ctx.operator, from: ctx.origin }));
