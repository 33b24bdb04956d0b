import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LIVE } from "../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { WorkersView } from "./_ui/workers-view.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("workers"))("title") };
}

export default async function WorkersPage() {
  await getQueryClient().prefetchQuery(trpc.workers.board.queryOptions(undefined, LIVE));
  return (
    <Hydrate>
      <WorkersView />
    </Hydrate>
  );
}
