import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/router.ts";
import type { ShownExchange } from "./exchange-view.tsx";
import { findingOf } from "./use-check-words.ts";

/** A check-back as a message is read with it. */
export type CheckBack = inferRouterOutputs<AppRouter>["messages"]["read"]["checkBacks"][number];

/** What is shown of a check-back that was sent. */
export function exchangeOf(asked: CheckBack): ShownExchange {
  const { url, request, status, body, bodyCut, durationMs, detail } = asked;
  return {
    url,
    request,
    headers: { "webhook-id": `check_${request.messageId}_${asked.attempt}` },
    status,
    body,
    bodyCut,
    durationMs,
    detail,
    finding: findingOf(asked),
  };
}
