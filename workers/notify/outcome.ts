import type { WebhookDecision } from "../../server/domain/decide-webhook.ts";
import type { WebhookExchange } from "../../server/services/webhooks/call-webhook.ts";
import type { Job } from "./job.ts";

/** What became of a claim. */
export interface Outcome {
  job: Job;
  exchange: WebhookExchange;
  decision: WebhookDecision;
  /** By `performance.now()`: when the call was made. */
  calledAt: number;
}
