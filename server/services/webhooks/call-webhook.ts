import { signWebhook } from "../../../sdk/contract/webhook-signature.ts";
import { readWebhookAnswer, type WebhookResult } from "../../domain/decide-webhook.ts";
import { type WebhookCall, webhookHeaders } from "../../domain/webhook-headers.ts";
import type { GuardedAgents } from "../../outbound/guarded-agent.ts";
import { type KeptResponse, keptResponse } from "../../outbound/kept-body.ts";
import { type PostResult, postRequest } from "../../outbound/post-request.ts";

export interface WebhookRequest extends WebhookCall {
  url: string;
  payload: Buffer;
  /** `whsec_…`, newest first. */
  secrets: readonly string[];
  timeoutMs: number;
}

/** What was sent and what came back, as it is kept and shown. */
export interface WebhookExchange extends KeptResponse {
  result: WebhookResult;
  /** As sent, without the signature, which is of use to nobody but the receiver. */
  headers: Record<string, string>;
  durationMs: number;
}

/**
 * Calls a webhook once. The signed id is the message's, the same with every attempt: what a receiver knows a repetition by.
 * Never throws: whatever happens is an exchange.
 */
export async function callWebhook(agents: GuardedAgents, request: WebhookRequest): Promise<WebhookExchange> {
  const { url, payload, secrets, timeoutMs } = request;
  const { "webhook-signature": signature, ...named } = signWebhook({
    id: request.message.id,
    timestamp: Math.floor(Date.now() / 1000),
    body: payload,
    secrets,
  });
  const headers = { ...webhookHeaders(request), ...named };
  const answer = await postRequest(agents, {
    url: new URL(url),
    body: payload,
    headers: { ...headers, "webhook-signature": signature },
    timeoutMs,
  });
  const kept = keptResponse(answer);
  return { result: resultOf(answer, kept.body), headers, durationMs: answer.durationMs, ...kept };
}

function resultOf(answer: PostResult, body: string | null): WebhookResult {
  if (answer.kind === "answered")
    return readWebhookAnswer({ status: answer.status, retryAfter: answer.retryAfter, body }, Date.now());
  return {
    kind: "failed",
    status: answer.kind === "lost" ? answer.status : null,
    type: TYPES[answer.error],
    message: answer.detail,
    retryAfterSeconds: null,
    reached: false,
  };
}

const TYPES = {
  timeout: "timeout",
  connection_lost: "connection",
  not_connected: "connection",
  name_not_resolved: "name_not_resolved",
  address_not_allowed: "address_not_allowed",
} as const satisfies Record<Exclude<PostResult, { kind: "answered" }>["error"], string>;
