import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { LIVE } from "../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { DeadLettersView } from "./_ui/dead-letters-view.tsx";
import { COUNTED_STATES, loadDeadLetterParams, toListInput, toScope } from "./dead-letter-params.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("deadLetters"))("title") };
}

export default async function DeadLettersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await loadDeadLetterParams(searchParams);
  const client = getQueryClient();
  const scope = toScope(params);
  await Promise.all([
    client.prefetchQuery(trpc.deliveries.list.queryOptions(toListInput(params), LIVE)),
    ...COUNTED_STATES.map((state) =>
      client.prefetchQuery(trpc.deliveries.count.queryOptions({ ...scope, states: [state] })),
    ),
  ]);
  return (
    <Hydrate>
      <DeadLettersView />
    </Hydrate>
  );
}
