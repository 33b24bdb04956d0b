import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { consoleRuntime } from "../_server/console-runtime.ts";
import { pageContext } from "../_server/current-operator.ts";
import { LoginView } from "./_ui/login-view.tsx";
import { providerError } from "./provider-error.ts";
import { safeNext } from "./safe-next.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("login"))("title") };
}

export default async function LoginPage(props: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { next, ended, error } = await props.searchParams;
  const { operator } = await pageContext();
  if (operator !== null) redirect(safeNext(next));
  const { config, oidc } = consoleRuntime();
  return (
    <LoginView
      next={safeNext(next)}
      ended={ended === "1"}
      passwords={config.SURELAY_PASSWORD_SIGN_IN}
      provider={oidc?.name ?? null}
      error={providerError(error)}
    />
  );
}
