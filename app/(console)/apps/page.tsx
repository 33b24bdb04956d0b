import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LIVE } from "../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { AppsView } from "./_ui/apps-view.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("apps"))("title") };
}

export default async function AppsPage() {
  await getQueryClient().prefetchQuery(trpc.apps.list.queryOptions(undefined, LIVE));
  return (
    <Hydrate>
      <AppsView />
    </Hydrate>
  );
}
