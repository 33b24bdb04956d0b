import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/router.ts";

export type AppDetail = inferRouterOutputs<AppRouter>["apps"]["read"];
