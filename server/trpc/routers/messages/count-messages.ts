import { countMessagesForOperator } from "../../../services/console/count-messages.ts";
import { allow } from "../../init.ts";
import { messageScopeInput } from "./message-scope.ts";

export const countMessages = allow("message.read")
  .input(messageScopeInput)
  .query(({ ctx, input }) => countMessagesForOperator(ctx.db, input));
