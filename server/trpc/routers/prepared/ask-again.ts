import { z } from "zod";
import { ASKABLE_STATES } from "../../../domain/askable-states.ts";
import { ASK_AGAIN_LIMIT, askAgain as ask } from "../../../services/check-back/ask-again.ts";
import { allow } from "../../init.ts";
import { messageIdInput } from "../messages/message-id.ts";
import { reasonInput } from "../messages/reason.ts";

const input = z.strictObject({
  which: z.union([
    z.strictObject({ ids: z.array(messageIdInput).min(1).max(ASK_AGAIN_LIMIT) }),
    z.strictObject({
      app: z.string().max(64).nullable(),
      state: z.enum(ASKABLE_STATES),
      /** `last` of the call before; null: from the oldest on. */
      after: messageIdInput.nullable(),
    }),
  ]),
  reason: reasonInput,
});

/** Has producers asked at once: about these messages, or about the next of all that an app, or every app, left in a state. */
export const askAgain = allow("message.ask")
  .input(input)
  .mutation(({ ctx, input: { which, reason } }) =>
    ask(ctx.db, "ids" in which ? which : { topic: null, ...which }, {
      actor: ctx.operator,
      from: ctx.origin,
      reason,
    }),
  );
