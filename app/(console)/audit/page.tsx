import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "nuqs/server";
import { LIVE } from "../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { AuditView } from "./_ui/audit-view.tsx";
import { loadAuditParams, toAuditQuery } from "./audit-params.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("audit"))("title") };
}

export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await loadAuditParams(searchParams);
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(trpc.audit.list.queryOptions(toAuditQuery(params), LIVE)),
    client.prefetchQuery(trpc.audit.facets.queryOptions()),
  ]);
  return (
    <Hydrate>
      <AuditView />
    </Hydrate>
  );
}
