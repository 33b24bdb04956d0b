import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LIVE } from "../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { SubscriptionsView } from "./_ui/subscriptions-view.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subscriptions"))("title") };
}

export default async function SubscriptionsPage() {
  await getQueryClient().prefetchQuery(trpc.subscriptions.list.queryOptions(undefined, LIVE));
  return (
    <Hydrate>
      <SubscriptionsView />
    </Hydrate>
  );
}
