import { z } from "zod";
import { readNeighboursForOperator } from "../../../services/console/read-neighbours.ts";
import { allow } from "../../init.ts";
import { messageIdInput } from "./message-id.ts";

export const readNeighbours = allow("message.read")
  .input(z.strictObject({ id: messageIdInput }))
  .query(({ ctx, input }) => readNeighboursForOperator(ctx.db, input.id));
