import { z } from "zod";
import { planInBroker } from "../../../services/registry/ensure-in-broker.ts";
import { partitionCount, topicName } from "../../../services/topology/topology-schema.ts";
import { allow } from "../../init.ts";

/** What declaring a topic so would do in Kafka. */
export const planTopic = allow("topic.manage")
  .input(z.strictObject({ name: topicName, partitions: partitionCount }))
  .query(({ ctx, input }) => planInBroker(ctx.broker, input));
