import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { consoleRuntime } from "../../_server/console-runtime.ts";
import { Hydrate, getQueryClient, trpc } from "../../_trpc/server.tsx";
import { OperatorsView } from "./_ui/operators-view.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("operators"))("title") };
}

export default async function OperatorsPage() {
  await getQueryClient().prefetchQuery(trpc.operators.list.queryOptions());
  const { oidc, config } = consoleRuntime();
  return (
    <Hydrate>
      <OperatorsView
        ways={{
          passwords: config.SURELAY_PASSWORD_SIGN_IN,
          provider: oidc !== null,
          rolesFromProvider: oidc !== null && oidc.roleClaim !== null,
        }}
      />
    </Hydrate>
  );
}
