import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { SearchView } from "./_ui/search-view.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("search"))("title") };
}

export default async function SearchPage() {
  await getQueryClient().prefetchQuery(trpc.messages.filterNames.queryOptions());
  return (
    <Hydrate>
      <SearchView />
    </Hydrate>
  );
}
