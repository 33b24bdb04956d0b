import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { notFound } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { Hydrate, getQueryClient, trpc } from "../../../_trpc/server.tsx";
import { fetchOrNotFound } from "../../_registry/fetch-or-not-found.ts";
import { loadFailureParams } from "../failure-params.ts";
import { GroupView } from "./_ui/group-view.tsx";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("failures"))("groupTitle") };
}

export default async function FailureGroupPage({ params, searchParams }: Props) {
  const { id } = await params;
  const { span } = await loadFailureParams(searchParams);
  if (!/^\d{1,18}$/.test(id)) notFound();
  await fetchOrNotFound(() =>
    getQueryClient().fetchQuery(trpc.failures.read.queryOptions({ id, span }, LIVE)),
  );
  return (
    <Hydrate>
      <GroupView id={id} />
    </Hydrate>
  );
}
