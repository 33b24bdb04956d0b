import { z } from "zod";
import { changeSchema as change } from "../../../services/registry/change-topic.ts";
import { readSchemaText } from "../../../services/registry/try-schema.ts";
import { allow } from "../../init.ts";
import { optionalReason } from "../reason-input.ts";
import { schemaTextInput, topicNameInput } from "./topic-input.ts";

const input = z.strictObject({
  name: topicNameInput,
  /** Null: the topic shall have none. */
  schema: schemaTextInput.nullable(),
  seen: z.date(),
  reason: optionalReason,
});

export const changeSchema = allow("topic.manage")
  .input(input)
  .mutation(({ ctx, input: { name, schema, seen, reason } }) =>
    change(
      ctx.db,
      { name, seen, schema: schema === null ? null : readSchemaText(schema) },
      { actor: ctx.operator, from: ctx.origin, reason },
    ),
  );
