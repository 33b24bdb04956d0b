import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../../_trpc/server.tsx";
import { fetchOrNotFound } from "../../_registry/fetch-or-not-found.ts";
import { KeyLimitsRoot } from "../../keys/_ui/key-limits.tsx";
import { keyLimits } from "../../keys/key-limits.ts";
import { AppView } from "./_ui/app-view.tsx";

type Params = Promise<{ name: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  const t = await getTranslations("apps");
  return { title: t("pageTitle", { name: decodeURIComponent((await params).name) }) };
}

export default async function AppPage({ params }: { params: Params }) {
  const name = decodeURIComponent((await params).name);
  await fetchOrNotFound(() => getQueryClient().fetchQuery(trpc.apps.read.queryOptions({ name }, LIVE)));
  return (
    <Hydrate>
      <KeyLimitsRoot limits={keyLimits()}>
        <AppView name={name} />
      </KeyLimitsRoot>
    </Hydrate>
  );
}
