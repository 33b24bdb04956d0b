import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../../_trpc/server.tsx";
import { fetchOrNotFound } from "../../_registry/fetch-or-not-found.ts";
import { TopicView } from "./_ui/topic-view.tsx";

type Params = Promise<{ name: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  const t = await getTranslations("topics");
  return { title: t("pageTitle", { name: decodeURIComponent((await params).name) }) };
}

/** The broker is asked by the browser: its answer may take seconds, and the page does not wait for it. */
export default async function TopicPage({ params }: { params: Params }) {
  const name = decodeURIComponent((await params).name);
  await fetchOrNotFound(() => getQueryClient().fetchQuery(trpc.topics.read.queryOptions({ name }, LIVE)));
  return (
    <Hydrate>
      <TopicView name={name} />
    </Hydrate>
  );
}
