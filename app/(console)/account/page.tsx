import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { AccountView } from "./_ui/account-view.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("account"))("title") };
}

export default async function AccountPage() {
  await getQueryClient().prefetchQuery(trpc.account.read.queryOptions());
  return (
    <Hydrate>
      <AccountView />
    </Hydrate>
  );
}
