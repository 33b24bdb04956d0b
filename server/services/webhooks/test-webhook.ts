import { countingSecrets } from "../../auth/signing-secret.ts";
import { inTransaction, type Pool } from "../../db.ts";
import { newMessageId } from "../../domain/message-id.ts";
import type { GuardedAgents } from "../../outbound/guarded-agent.ts";
import { appendAudit } from "../../store/audit.ts";
import { findWebhookEndpoint } from "../../store/webhook-endpoints.ts";
import { requireSigningSecret } from "../check-back/signing-master.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
import { noSuchTarget, secretTarget } from "../registry/secret-target.ts";
import { callWebhook, type WebhookExchange } from "./call-webhook.ts";

/** `ce-type` of a test: a receiver can tell it from what it is there for. */
export const TEST_TYPE = "surelay.test";

export interface WebhookTest extends WebhookExchange {
  url: string;
  /** What was sent. */
  payload: string;
  timeoutMs: number;
}

/**
 * Calls a webhook with a message that nobody sent, signed as ever, and shows both ends. Nothing is stored but an entry in
 * the audit log; a webhook that is paused or disabled is called as well, and stays what it is.
 *
 * @param test.master SURELAY_SIGNING_SECRET
 * @throws SurelayError `not_found` | `unavailable` (no signing secret)
 */
export async function testWebhook(
  db: Pool,
  test: { topic: string; subscription: string; master: string | undefined; agents: GuardedAgents },
  by: Acting,
): Promise<WebhookTest> {
  const master = requireSigningSecret(test.master);
  const of = { topic: test.topic, subscription: test.subscription };
  const endpoint = await findWebhookEndpoint(db, of.topic, of.subscription);
  if (!endpoint) throw noSuchTarget(of);
  const { url } = endpoint;
  const timeoutMs = endpoint.timeoutSeconds * 1000;
  const payload = JSON.stringify({ test: true, topic: of.topic, subscription: of.subscription });
  const exchange = await callWebhook(test.agents, {
    ...of,
    url,
    timeoutMs,
    secrets: countingSecrets(master, of, endpoint),
    payload: Buffer.from(payload),
    app: "surelay",
    attempt: 1,
    message: {
      id: newMessageId(),
      type: TEST_TYPE,
      businessKey: null,
      storedAt: new Date(),
      contentType: "application/json",
      headers: null,
      traceparent: null,
    },
  });
  const { result } = exchange;
  const outcome = result.kind === "failed" ? result.type : result.kind;
  const what = {
    ...secretTarget(of),
    action: "subscription.test_webhook",
    after: { url, outcome, status: exchange.status },
  };
  await inTransaction(db, (tx) => appendAudit(tx, entryOf(by, what)));
  return { ...exchange, url, payload, timeoutMs };
}
