import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../../_trpc/server.tsx";
import { fetchOrNotFound } from "../../_registry/fetch-or-not-found.ts";
import { SourceView } from "./_ui/source-view.tsx";

type Params = Promise<{ name: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  const t = await getTranslations("outbox");
  return { title: t("pageTitle", { name: decodeURIComponent((await params).name) }) };
}

export default async function SourcePage({ params }: { params: Params }) {
  const name = decodeURIComponent((await params).name);
  await fetchOrNotFound(() => getQueryClient().fetchQuery(trpc.sources.read.queryOptions({ name }, LIVE)));
  return (
    <Hydrate>
      <SourceView name={name} />
    </Hydrate>
  );
}
