import { type TRPCLink, httpBatchLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "@/server/trpc/router.ts";

const url = "/api/trpc";

/** Calls are batched; the subscription is an event stream of its own. */
export function makeLinks(): TRPCLink<AppRouter>[] {
  return [
    splitLink({
      condition: (operation) => operation.type === "subscription",
      true: httpSubscriptionLink({ url, transformer: superjson }),
      false: httpBatchLink({ url, transformer: superjson, maxURLLength: 4000 }),
    }),
  ];
}
