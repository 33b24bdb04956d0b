import type { CheckBackRequest } from "../../../sdk/contract/check-back.ts";
import { signWebhook } from "../../../sdk/contract/webhook-signature.ts";
import type { CheckResult } from "../../domain/decide-check.ts";
import { readCheckAnswer } from "../../domain/read-check-answer.ts";
import type { GuardedAgents } from "../../outbound/guarded-agent.ts";
import { KEPT_BODY_BYTES, type PostResult, postJson } from "../../outbound/post-json.ts";

export interface Question {
  url: string;
  request: CheckBackRequest;
  /** `whsec_…`, newest first. */
  secrets: readonly string[];
  timeoutMs: number;
}

/** What was asked and what came back, as it is kept and shown. */
export interface Exchange {
  result: CheckResult;
  /** Without the signature, which is of use to nobody but the app. */
  headers: { "webhook-id": string; "webhook-timestamp": string };
  status: number | null;
  /** The beginning of the response, at most 4 KiB; null: none. */
  body: string | null;
  bodyCut: boolean;
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
  const answer = await postJson(agents, {
    url: new URL(question.url),
    body,
    headers: { ...headers },
    timeoutMs,
  });
  const { "webhook-signature": _secret, ...shown } = headers;
  return { result: resultOf(answer), headers: shown, durationMs: answer.durationMs, ...bodyOf(answer) };
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

function bodyOf(answer: PostResult): Pick<Exchange, "status" | "body" | "bodyCut"> {
  if (answer.kind !== "answered")
    return { status: answer.kind === "lost" ? answer.status : null, body: null, bodyCut: false };
  const bodyCut = answer.body.length > KEPT_BODY_BYTES || answer.tooLarge;
  const kept = answer.body.subarray(0, KEPT_BODY_BYTES);
  // A character that the cut has split is left out; U+0000 cannot be stored as text.
  const text = new TextDecoder().decode(kept, { stream: bodyCut }).replaceAll("\0", "\uFFFD");
  return { status: answer.status, body: text === "" ? null : text, bodyCut };
}
