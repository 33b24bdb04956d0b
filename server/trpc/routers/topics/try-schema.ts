import { z } from "zod";
import { SCHEMA_LENGTH } from "../../../domain/registry-rules.ts";
import { trySchema as attempt } from "../../../services/registry/try-schema.ts";
import { allow } from "../../init.ts";
import { schemaTextInput, topicNameInput } from "./topic-input.ts";

const input = z.strictObject({
  topic: topicNameInput.nullable(),
  schema: schemaTextInput,
  example: z.string().max(SCHEMA_LENGTH).nullable(),
});

/** Writes nothing; a mutation because a schema is too long for an address. */
export const trySchema = allow("topic.manage")
  .input(input)
  .mutation(({ ctx, input }) => attempt(ctx.db, input));
