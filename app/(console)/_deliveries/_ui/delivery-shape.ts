import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/router.ts";

type Outputs = inferRouterOutputs<AppRouter>["deliveries"];
type Inputs = inferRouterInputs<AppRouter>["deliveries"];

export type DeliveryPage = Outputs["list"];
export type DeliveryItem = DeliveryPage["items"][number];
/** A message's delivery with all that happened to it. */
export type DeliveryDetail = inferRouterOutputs<AppRouter>["messages"]["read"]["deliveries"][number];
export type DeliveryAttempt = DeliveryDetail["attempts"][number];
/** Which deliveries a list holds, and an action may be for. */
export type DeliveryFilter = Inputs["count"];
/** One delivery. */
export interface DeliveryKey {
  messageId: string;
  subscriptionId: number;
}

export const ACT_VERBS = ["redrive", "retry_now", "discard"] as const;
export type ActVerb = (typeof ACT_VERBS)[number];
