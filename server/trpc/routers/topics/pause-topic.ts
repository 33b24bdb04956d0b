import { z } from "zod";
import { pauseTopic as pause } from "../../../services/registry/pause-topic.ts";
import { allow } from "../../init.ts";
import { requiredReason } from "../reason-input.ts";
import { topicNameInput } from "./topic-input.ts";

export const pauseTopic = allow("topic.pause")
  .input(z.strictObject({ name: topicNameInput, paused: z.boolean(), reason: requiredReason }))
  .mutation(({ ctx, input: { reason, ...change } }) =>
    pause(ctx.db, change, { actor: ctx.operator, from: ctx.origin, reason }),
  );
