import { z } from "zod";
import { readStatesForOperator } from "../../../services/console/read-states.ts";
import { allow } from "../../init.ts";
import { messageIdInput } from "./message-id.ts";

const input = z.strictObject({
  messages: z.array(z.strictObject({ id: messageIdInput, appId: z.int() })).max(500),
});

/** Where the messages of a list that stands still are by now. */
export const readStates = allow("message.read")
  .input(input)
  .query(({ ctx, input }) => readStatesForOperator(ctx.db, input.messages));
