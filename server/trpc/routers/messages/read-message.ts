import { z } from "zod";
import { readMessageForOperator } from "../../../services/console/read-message.ts";
import { allow } from "../../init.ts";
import { messageIdInput } from "./message-id.ts";

export const readMessage = allow("message.read")
  .input(z.strictObject({ id: messageIdInput }))
  .query(({ ctx, input }) =>
    readMessageForOperator(ctx.db, input.id, { withAudit: ctx.operator.permissions.includes("audit.read") }),
  );
