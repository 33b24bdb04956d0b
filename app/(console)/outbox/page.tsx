import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LIVE } from "../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { SourcesView } from "./_ui/sources-view.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("outbox"))("title") };
}

export default async function OutboxPage() {
  await getQueryClient().prefetchQuery(trpc.sources.list.queryOptions(undefined, LIVE));
  return (
    <Hydrate>
      <SourcesView />
    </Hydrate>
  );
}
