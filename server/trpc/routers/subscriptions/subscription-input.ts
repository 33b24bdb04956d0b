import { z } from "zod";
import { SUBSCRIPTION_NAME_LENGTH } from "../../../domain/subscription.ts";
import { topicNameInput } from "../topics/topic-input.ts";

/** A subscription that is asked for; whether there is one is another question. */
export const subscriptionNameInput = z.string().min(1).max(SUBSCRIPTION_NAME_LENGTH);
export const subscriptionKey = { topic: topicNameInput, name: subscriptionNameInput };
