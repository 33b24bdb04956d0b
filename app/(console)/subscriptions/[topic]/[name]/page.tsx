import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LIVE } from "../../../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../../../_trpc/server.tsx";
import { fetchOrNotFound } from "../../../_registry/fetch-or-not-found.ts";
import { SubscriptionView } from "./_ui/subscription-view.tsx";

type Params = Promise<{ topic: string; name: string }>;

const named = async (params: Params) => {
  const { topic, name } = await params;
  return { topic: decodeURIComponent(topic), name: decodeURIComponent(name) };
};

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  const t = await getTranslations("subscriptions");
  return { title: t("pageTitle", { name: (await named(params)).name }) };
}

export default async function SubscriptionPage({ params }: { params: Params }) {
  const wanted = await named(params);
  await fetchOrNotFound(() =>
    getQueryClient().fetchQuery(trpc.subscriptions.read.queryOptions(wanted, LIVE)),
  );
  return (
    <Hydrate>
      <SubscriptionView {...wanted} />
    </Hydrate>
  );
}
