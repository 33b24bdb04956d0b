import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LIVE } from "../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { TopicsView } from "./_ui/topics-view.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("topics"))("title") };
}

export default async function TopicsPage() {
  await getQueryClient().prefetchQuery(trpc.topics.declared.queryOptions(undefined, LIVE));
  return (
    <Hydrate>
      <TopicsView />
    </Hydrate>
  );
}
