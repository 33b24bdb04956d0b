import "server-only";
import { HydrationBoundary, dehydrate } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { type ReactNode, cache } from "react";
import { appRouter } from "@/server/trpc/router.ts";
import { pageContext } from "../_server/current-operator.ts";
import { makeQueryClient } from "./query-client.ts";

/** The page's own query client: nothing is shared between requests. */
export const getQueryClient = cache(makeQueryClient);

/** Procedures called in process while a page is rendered, with the same checks as over HTTP. */
export const trpc = createTRPCOptionsProxy({
  ctx: pageContext,
  router: appRouter,
  queryClient: getQueryClient,
});

/** Hands what was prefetched to the browser. */
export function Hydrate({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(getQueryClient())}>{children}</HydrationBoundary>;
}
