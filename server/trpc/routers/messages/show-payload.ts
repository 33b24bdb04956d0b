import { z } from "zod";
import { showPayload as show } from "../../../services/console/read-payload.ts";
import { allow } from "../../init.ts";
import { messageIdInput } from "./message-id.ts";

export const showPayload = allow("payload.read")
  .input(z.strictObject({ id: messageIdInput }))
  .query(({ ctx, input }) => show(ctx.db, input.id));
