import { createTopic as create } from "../../../services/registry/create-topic.ts";
import { readSchemaText } from "../../../services/registry/try-schema.ts";
import { allow } from "../../init.ts";
import { newTopicInput } from "./topic-input.ts";

export const createTopic = allow("topic.manage")
  .input(newTopicInput)
  .mutation(async ({ ctx, input }) => {
    const schema = input.schema === null ? null : readSchemaText(input.schema);
    const spec = { ...input, schema };
    await create(ctx.db, ctx.broker, spec, { actor: ctx.operator, from: ctx.origin });
    return { name: input.name };
  });
