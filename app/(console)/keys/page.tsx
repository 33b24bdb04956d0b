import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LIVE } from "../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { KeyLimitsRoot } from "./_ui/key-limits.tsx";
import { KeysView } from "./_ui/keys-view.tsx";
import { keyLimits } from "./key-limits.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("keys"))("title") };
}

export default async function KeysPage() {
  await getQueryClient().prefetchQuery(trpc.keys.list.queryOptions(undefined, LIVE));
  return (
    <Hydrate>
      <KeyLimitsRoot limits={keyLimits()}>
        <KeysView />
      </KeyLimitsRoot>
    </Hydrate>
  );
}
