import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/router.ts";

/** A message as its page reads it. */
export type Message = inferRouterOutputs<AppRouter>["messages"]["read"];
