import { z } from "zod";
import { tryPayload as attempt } from "../../../services/registry/try-schema.ts";
import { allow } from "../../init.ts";
import { topicNameInput } from "./topic-input.ts";

/** Longer than any payload that intake takes by default, characters. */
const LONGEST = 4 * 1024 * 1024;

/** Writes nothing; a mutation because a payload is too long for an address. */
export const tryPayload = allow("message.edit")
  .input(z.strictObject({ topic: topicNameInput, payload: z.string().max(LONGEST) }))
  .mutation(({ ctx, input }) => attempt(ctx.db, input));
