import { z } from "zod";
import { mendTopic as mend } from "../../../services/registry/mend-topic.ts";
import { allow } from "../../init.ts";
import { requiredReason } from "../reason-input.ts";
import { topicNameInput } from "./topic-input.ts";

export const mendTopic = allow("topic.manage")
  .input(z.strictObject({ name: topicNameInput, reason: requiredReason }))
  .mutation(({ ctx, input: { name, reason } }) =>
    mend(ctx.db, ctx.broker, name, { actor: ctx.operator, from: ctx.origin, reason }),
  );
