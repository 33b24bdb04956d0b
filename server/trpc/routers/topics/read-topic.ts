import { z } from "zod";
import { readTopicForOperator } from "../../../services/registry/read-topic.ts";
import { allow } from "../../init.ts";
import { topicNameInput } from "./topic-input.ts";

export const readTopic = allow("registry.read")
  .input(z.strictObject({ name: topicNameInput }))
  .query(({ ctx, input }) => readTopicForOperator(ctx.db, input.name));
