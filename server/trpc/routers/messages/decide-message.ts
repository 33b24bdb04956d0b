import { z } from "zod";
import { decideMessage as decide } from "../../../services/console/decide-message.ts";
import { allow } from "../../init.ts";
import { messageIdInput } from "./message-id.ts";
import { reasonInput } from "./reason.ts";

const input = z.strictObject({
  id: messageIdInput,
  verdict: z.enum(["confirm", "cancel"]),
  reason: reasonInput,
});

/** Confirms or cancels in the producer's place. A race that was lost is an answer, not an error. */
export const decideMessage = allow("message.decide")
  .input(input)
  .mutation(({ ctx, input }) => decide(ctx.db, { ...input, actor: ctx.operator, from: ctx.origin }));
