import { z } from "zod";
import { pauseLane as pause } from "../../../services/workers/pause-lane.ts";
import { allow } from "../../init.ts";
import { optionalReason, requiredReason } from "../reason-input.ts";

const input = z
  .strictObject({
    lane: z.int().min(0).max(32_767),
    paused: z.boolean(),
    reason: optionalReason,
  })
  .refine(({ paused, reason }) => !paused || requiredReason.safeParse(reason).success, {
    path: ["reason"],
    message: "A pause takes a reason.",
  });

export const pauseLane = allow("lane.pause")
  .input(input)
  .mutation(({ ctx, input: { reason, ...change } }) =>
    pause(ctx.db, change, { actor: ctx.operator, from: ctx.origin, reason }),
  );
