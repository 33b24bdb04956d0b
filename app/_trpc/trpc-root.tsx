"use client";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient } from "@trpc/client";
import { type ReactNode, useState } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import { leaveWhenSignedOut } from "./leave-when-signed-out.ts";
import { TRPCProvider } from "./client.ts";
import { makeLinks } from "./links.ts";
import { makeQueryClient } from "./query-client.ts";

let browserClient: QueryClient | undefined;

/** Queries and procedures for everything below. */
export function TrpcRoot({ children }: { children: ReactNode }) {
  const queryClient =
    typeof window === "undefined" ? makeQueryClient() : (browserClient ??= makeBrowserClient());
  const [trpcClient] = useState(() => createTRPCClient<AppRouter>({ links: makeLinks() }));
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}

function makeBrowserClient(): QueryClient {
  const client = makeQueryClient();
  client.getQueryCache().config.onError = leaveWhenSignedOut;
  client.getMutationCache().config.onError = leaveWhenSignedOut;
  return client;
}
