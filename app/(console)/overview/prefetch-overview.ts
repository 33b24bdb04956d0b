import "server-only";
import { may } from "@/server/auth/permissions.ts";
import { LIVE } from "../../_live/refresh-live-queries.ts";
import { pageContext } from "../../_server/current-operator.ts";
import { getQueryClient, trpc } from "../../_trpc/server.tsx";
import type { OverviewParams } from "./overview-params.ts";

/** Reads what the page shows first. A failure is left to the browser, which tries again and shows it. */
export async function prefetchOverview({ span }: OverviewParams): Promise<void> {
  const client = getQueryClient();
  const { operator } = await pageContext();
  await Promise.all([
    client.prefetchQuery(trpc.overview.read.queryOptions(undefined, LIVE)),
    client.prefetchQuery(trpc.overview.series.queryOptions({ span })),
    may(operator?.role, "audit.read") &&
      client.prefetchQuery(trpc.overview.changes.queryOptions(undefined, LIVE)),
  ]);
}
