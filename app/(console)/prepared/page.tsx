import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { LIVE } from "../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { WaitingView } from "./_ui/waiting-view.tsx";
import { loadWaitingParams, toWaitingInput } from "./waiting-params.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("prepared"))("title") };
}

export default async function PreparedPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await loadWaitingParams(searchParams);
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(trpc.prepared.list.queryOptions(toWaitingInput(params), LIVE)),
    client.prefetchQuery(trpc.prepared.sum.queryOptions(undefined, LIVE)),
  ]);
  return (
    <Hydrate>
      <WaitingView />
    </Hydrate>
  );
}
