"use client";
import { Stack } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { DataTable } from "../../../_table/data-table.tsx";
import { useTRPC } from "../../../_trpc/client.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { ListSkeleton } from "../../_registry/_ui/list-skeleton.tsx";
import { CreateSubscription } from "./create-subscription.tsx";
import { useSubscriptionColumns } from "./subscription-columns.tsx";
import { hrefOf, keyOf } from "./subscription-shape.ts";

/** All subscriptions: which consumers keep up, which fail, which are held. */
export function SubscriptionsView() {
  const t = useTranslations("subscriptions");
  const trpc = useTRPC();
  const query = useQuery(trpc.subscriptions.list.queryOptions(undefined, LIVE));
  const columns = useSubscriptionColumns();
  const none = (
    <EmptyState
      icon={IconUsersGroup}
      title={t("emptyTitle")}
      text={t("emptyText")}
      action={<CreateSubscription />}
    />
  );
  return (
    <Stack>
      <PageHeader title={t("title")} description={t("description")} actions={<CreateSubscription />} />
      <QueryView
        query={query}
        skeleton={<ListSkeleton />}
        empty={(subscriptions) => (subscriptions.length === 0 ? none : null)}
      >
        {(subscriptions) => (
          <DataTable
            id="subscriptions"
            caption={t("caption")}
            columns={columns}
            rows={subscriptions}
            rowKey={keyOf}
            rowHref={hrefOf}
          />
        )}
      </QueryView>
    </Stack>
  );
}
