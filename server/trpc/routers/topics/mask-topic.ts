import { z } from "zod";
import { maskTopic as mask } from "../../../services/registry/change-topic.ts";
import { allow } from "../../init.ts";
import { requiredReason } from "../reason-input.ts";
import { topicNameInput } from "./topic-input.ts";

export const maskTopic = allow("topic.manage")
  .input(
    z.strictObject({ name: topicNameInput, masked: z.boolean(), seen: z.date(), reason: requiredReason }),
  )
  .mutation(({ ctx, input: { reason, ...change } }) =>
    mask(ctx.db, change, { actor: ctx.operator, from: ctx.origin, reason }),
  );
