import { z } from "zod";
import { readSeries as read } from "../../../services/overview/read-flow-series.ts";
import { allow } from "../../init.ts";

export const readSeries = allow("message.read")
  .input(z.strictObject({ span: z.enum(["hour", "day", "week"]) }))
  .query(({ ctx, input }) => read(ctx.db, input.span));
