import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { LIVE } from "../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { FailuresView } from "./_ui/failures-view.tsx";
import { loadFailureParams } from "./failure-params.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("failures"))("title") };
}

export default async function FailuresPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { span } = await loadFailureParams(searchParams);
  await getQueryClient().prefetchQuery(trpc.failures.list.queryOptions({ span }, LIVE));
  return (
    <Hydrate>
      <FailuresView />
    </Hydrate>
  );
}
