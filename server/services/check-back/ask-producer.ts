import type { CheckBackRequest } from "../../../sdk/contract/check-back.ts";
import { signWebhook } from "../../../sdk/contract/webhook-signature.ts";
import type { CheckResult } from "../../domain/decide-check.ts";
import { readCheckAnswer } from "../../domain/read-check-answer.ts";
import type { GuardedAgents } from "../../outbound/guarded-agent.ts";
import { type KeptResponse, keptResponse } from "../../outbound/kept-body.ts";
import { type PostResult, postRequest } from "../../outbound/post-request.ts";

export interface Question {
  url: string;
  request: CheckBackRequest;
  /** `whsec_…`, newest first. */
  secrets: readonly string[];
  timeoutMs: number;
}

/** What was asked and what came back, as it is kept and shown. */
export interface Exchange extends KeptResponse {
  result: CheckResult;
  /** Without the signature, which is of use to nobody but the app. */
  headers: { "webhook-id": string; "webhook-timestamp": string };
  durationMs: number;
}

/** Asks a producer what became of a message, once. Never throws: whatever happens is an exchange. */
export async function askProducer(agents: GuardedAgents, question: Question): Promise<Exchange> {
  const { request, secrets, timeoutMs } = question;
  const body = JSON.stringify(request);
  const headers = signWebhook({
    // The same when the same question is asked again because its answer was lost.
    id: `check_${request.messageId}_${request.attempt}`,
    timestamp: Math.floor(Date.now() / 1000),
    body,
    secrets,
  });
  const answer = await postRequest(agents, {
    url: new URL(question.url),
    body,
    headers: { ...headers, "content-type": "application/json" },
    timeoutMs,
  });
  const { "webhook-signature": _secret, ...shown } = headers;
  return { result: resultOf(answer), headers: shown, durationMs: answer.durationMs, ...keptResponse(answer) };
}

function resultOf(answer: PostResult): CheckResult {
  switch (answer.kind) {
    case "answered":
      return readCheckAnswer(answer.status, answer.body, answer.tooLarge);
    case "lost": {
      const { error, detail, status } = answer;
      return { sent: true, outcome: "failed", error, detail, status };
    }
    case "unsent":
      return { sent: false, error: answer.error, detail: answer.detail };
  }
}
