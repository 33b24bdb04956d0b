import { z } from "zod";

/** A subscription as its own app reads it: `GET /v1/subscriptions/{topic}/{name}`. */
export const subscriptionView = z
  .object({
    topic: z.string(),
    name: z.string(),
    ack: z
      .enum(["explicit", "offset", "webhook", "none"])
      .describe("How the service learns that a message is done."),
    groupId: z.string().describe("The Kafka consumer group."),
    ordered: z
      .boolean()
      .describe("Its consumers retry in place instead of letting later messages of a key pass."),
    ackTimeoutSeconds: z.int().describe("What is not acknowledged by then is delivered again."),
    retry: z
      .object({
        maxAttempts: z.int().describe("Attempts in all."),
        firstDelaySeconds: z.number(),
        factor: z.number().describe("From one delay to the next."),
        maxDelaySeconds: z.number(),
        jitter: z.number().describe("Share of a delay that is random: 0.2 spreads it over ±20 %."),
        ladderSeconds: z
          .array(z.number())
          .describe("Delays one by one, the last for all that follow; empty: they grow by the factor."),
      })
      .describe("When what failed is delivered again."),
    retryTopic: z.string().nullable().describe("Where it is delivered again; null: not by a topic."),
    deadLetterTopic: z.string().nullable().describe("Where what is DEAD is published, too."),
    paused: z.boolean().describe("Its redeliveries are held, by itself or with its topic."),
  })
  .meta({ id: "Subscription" });

export type SubscriptionView = z.infer<typeof subscriptionView>;
