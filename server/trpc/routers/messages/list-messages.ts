import { z } from "zod";
import { MESSAGE_STATES } from "../../../domain/message-state.ts";
import { listMessagesForOperator } from "../../../services/console/list-messages.ts";
import { allow } from "../../init.ts";
import { messageIdInput } from "./message-id.ts";
import { messageScopeInput } from "./message-scope.ts";

const input = messageScopeInput.extend({
  states: z.array(z.enum(MESSAGE_STATES)).max(MESSAGE_STATES.length),
  held: z.boolean().default(false),
  businessKey: z.string().min(1).max(257).nullable().default(null),
  key: z.string().min(1).max(257).nullable().default(null),
  before: messageIdInput.nullable(),
  limit: z.int().min(1).max(200),
});

export const listMessages = allow("message.read")
  .input(input)
  .query(({ ctx, input }) => listMessagesForOperator(ctx.db, input));
