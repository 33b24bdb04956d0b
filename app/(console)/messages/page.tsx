import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { Hydrate } from "../../_trpc/server.tsx";
import { MessagesView } from "./_ui/messages-view.tsx";
import { loadMessageParams } from "./message-params.ts";
import { prefetchMessages } from "./prefetch-messages.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("messages"))("title") };
}

export default async function MessagesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await prefetchMessages(await loadMessageParams(searchParams));
  return (
    <Hydrate>
      <MessagesView />
    </Hydrate>
  );
}
