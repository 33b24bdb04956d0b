import { ACKS_TOPIC } from "../../sdk/contract/acks.ts";

/** Name of the topic of an environment: two environments on one broker must differ. */
export function acksTopic(env: string): string {
  return env === "local" ? ACKS_TOPIC : ACKS_TOPIC.replace("surelay.", `surelay.${env}.`);
}

/** The group that reads it. */
export const acksGroup = (env: string): string => `surelay-${env}-ack`;

/** How many processes can share the work. An acknowledgement matters for as long as its delivery waits; a week is long. */
export const ACKS_TOPIC_PARTITIONS = 8;
export const ACKS_TOPIC_CONFIG = { "retention.ms": String(7 * 86_400_000) };
