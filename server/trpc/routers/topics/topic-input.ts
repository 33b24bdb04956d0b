import { z } from "zod";
import { SCHEMA_LENGTH, TOPIC_NAME_LENGTH } from "../../../domain/registry-rules.ts";
import { partitionCount, topicName } from "../../../services/topology/topology-schema.ts";

/** A new topic, in the form of the topology file, its schema as text. */
export const newTopicInput = z.strictObject({
  name: topicName,
  partitions: partitionCount,
  schema: z.string().min(1).max(SCHEMA_LENGTH).nullable(),
  masked: z.boolean(),
});

/** The name of a topic that is asked for; whether there is one is another question. */
export const topicNameInput = z.string().min(1).max(TOPIC_NAME_LENGTH);

export const schemaTextInput = z.string().min(1).max(SCHEMA_LENGTH);
