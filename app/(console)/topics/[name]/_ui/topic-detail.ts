import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/router.ts";

export type TopicDetail = inferRouterOutputs<AppRouter>["topics"]["read"];
export type BrokerView = inferRouterOutputs<AppRouter>["topics"]["inBroker"];
