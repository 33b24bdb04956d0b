import { z } from "zod";
import { raisePartitions as raise } from "../../../services/registry/raise-partitions.ts";
import { partitionCount } from "../../../services/topology/topology-schema.ts";
import { allow } from "../../init.ts";
import { requiredReason } from "../reason-input.ts";
import { topicNameInput } from "./topic-input.ts";

const input = z.strictObject({
  name: topicNameInput,
  from: partitionCount,
  to: partitionCount,
  reason: requiredReason,
});

export const raisePartitions = allow("topic.manage")
  .input(input)
  .mutation(({ ctx, input: { reason, ...change } }) =>
    raise(ctx.db, ctx.broker, change, { actor: ctx.operator, from: ctx.origin, reason }),
  );
