import { z } from "zod";
import { listWaitingForOperator } from "../../../services/check-back/list-waiting.ts";
import { allow } from "../../init.ts";
import { messageIdInput } from "../messages/message-id.ts";

const input = z
  .strictObject({
    kind: z.enum(["prepared", "overdue", "undecided"]),
    app: z.string().max(64).nullable(),
    after: z.strictObject({ id: messageIdInput, checkAt: z.date().nullable() }).nullable(),
    limit: z.int().min(1).max(200),
  })
  .refine(({ kind, after }) => after === null || (kind === "undecided") === (after.checkAt === null), {
    path: ["after"],
    message: "This cursor is of another list.",
  });

export const listWaiting = allow("message.read")
  .input(input)
  .query(({ ctx, input }) => listWaitingForOperator(ctx.db, input));
