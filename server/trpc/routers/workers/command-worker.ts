import { z } from "zod";
import { commandWorker as command } from "../../../services/workers/command-worker.ts";
import { allow } from "../../init.ts";
import { optionalReason, requiredReason } from "../reason-input.ts";

const input = z
  .strictObject({
    kind: z.string().min(1).max(64),
    name: z.string().min(1).max(64),
    startedAt: z.date(),
    wanted: z.enum(["run", "quiet", "stop"]),
    reason: optionalReason,
  })
  .refine(({ wanted, reason }) => wanted === "run" || requiredReason.safeParse(reason).success, {
    path: ["reason"],
    message: "Taking work away takes a reason.",
  });

/** Quiets, resumes or stops one process. One that has ended meanwhile is an answer, not an error. */
export const commandWorker = allow("worker.control")
  .input(input)
  .mutation(({ ctx, input: { reason, ...asked } }) =>
    command(ctx.db, asked, { actor: ctx.operator, from: ctx.origin, reason }),
  );
