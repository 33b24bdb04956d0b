import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { Hydrate } from "../../_trpc/server.tsx";
import { OverviewView } from "./_ui/overview-view.tsx";
import { loadOverviewParams } from "./overview-params.ts";
import { prefetchOverview } from "./prefetch-overview.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("overview"))("title") };
}

export default async function OverviewPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await prefetchOverview(await loadOverviewParams(searchParams));
  return (
    <Hydrate>
      <OverviewView />
    </Hydrate>
  );
}
