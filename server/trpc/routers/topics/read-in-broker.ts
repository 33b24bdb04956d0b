import { z } from "zod";
import { readTopicInBroker } from "../../../services/registry/read-topic.ts";
import { allow } from "../../init.ts";
import { topicNameInput } from "./topic-input.ts";

export const readInBroker = allow("registry.read")
  .input(z.strictObject({ name: topicNameInput }))
  .query(({ ctx, input }) => readTopicInBroker(ctx.db, ctx.broker, input.name));
