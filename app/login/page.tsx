import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { pageContext } from "../_server/current-operator.ts";
import { LoginView } from "./_ui/login-view.tsx";
import { safeNext } from "./safe-next.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("login"))("title") };
}

export default async function LoginPage(props: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { next, ended } = await props.searchParams;
  const { operator } = await pageContext();
  if (operator !== null) redirect(safeNext(next));
  return <LoginView next={safeNext(next)} ended={ended === "1"} />;
}
