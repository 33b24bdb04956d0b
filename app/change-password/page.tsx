import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { redirect } from "next/navigation";
import { pageContext } from "../_server/current-operator.ts";
import { TrpcRoot } from "../_trpc/trpc-root.tsx";
import { ReplaceView } from "./replace-view.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("login"))("temporary.title") };
}

/** Where somebody with a temporary password is kept until it is replaced. */
export default async function ChangePasswordPage() {
  const { operator } = await pageContext();
  if (operator === null) redirect("/login");
  if (!operator.mustChangePassword) redirect("/account");
  return (
    <TrpcRoot>
      <ReplaceView username={operator.username} />
    </TrpcRoot>
  );
}
